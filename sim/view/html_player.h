// The player's own files, which the build turns into html_player.c (see embed.cmake). NUL-terminated.
#ifndef VIEW_HTML_PLAYER_H
#define VIEW_HTML_PLAYER_H

extern const char html_player_html[];
extern const char html_player_css[];
extern const char html_player_js[];

#endif
