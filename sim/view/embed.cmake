# Turns the player's files into C: cmake -D SOURCE=folder -D OUT=file -P embed.cmake. The same files give the same bytes.

function(embed name)
    set(octets "")
    foreach(file ${ARGN})
        file(READ ${SOURCE}/${file} more HEX)
        string(APPEND octets "${more}")
    endforeach()
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," octets "${octets}")
    # A char may have a sign.
    string(REGEX REPLACE "(0x[89a-f][0-9a-f])," "(char)\\1," octets "${octets}")
    string(REPLACE "0x0a," "0x0a,\n" octets "${octets}")
    set(text "${text}\nconst char html_player_${name}[] = {\n${octets}0};\n" PARENT_SCOPE)
endfunction()

set(text "// Made by sim/view/embed.cmake.\n#include \"sim/view/html_player.h\"\n")
embed(html player.html)
embed(css player.css)
embed(js player_words.js player_run.js player_panels.js player_diagram.js player_ladder.js player.js)
file(WRITE ${OUT} "${text}")
