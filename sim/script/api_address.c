// Addresses as people write them: RFC 4291 2.2 and dotted decimals.
#include <string.h>

#include "sim/script/api.h"

// Four decimals from 0 to 255 without leading zeros, to the end of the text.
static bool parse_ipv4(const char *text, uint8_t bytes[4]) {
    for (int i = 0; i < 4; i++) {
        unsigned value = 0, digits = 0;
        while (*text >= '0' && *text <= '9' && digits < 4) {
            if (digits > 0 && value == 0) return false;
            value = value * 10 + (unsigned)(*text++ - '0');
            digits++;
        }
        if (digits == 0 || value > 255) return false;
        bytes[i] = (uint8_t)value;
        if (i < 3 && *text++ != '.') return false;
    }
    return *text == '\0';
}

// Up to four hexadecimal digits; the text behind them, or NULL when there are none or too many.
static const char *parse_group(const char *text, unsigned *value) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    unsigned count = 0;
    *value = 0;
    for (; *text != '\0' && strchr(digits, *text) != NULL; text++, count++)
        *value = *value * 16 + (unsigned)(strchr(digits, *text) - digits) % 16;
    return count >= 1 && count <= 4 ? text : NULL;
}

// Eight groups, of which one run of zeros may be written "::"; the last two may be dotted decimals.
static bool parse_ipv6(const char *text, uint8_t bytes[16]) {
    uint8_t found[16] = {0};
    size_t length = 0, gap = SIZE_MAX;
    if (text[0] == ':' && text[1] == ':') {
        gap = 0;
        text += 2;
    }
    while (*text != '\0' && length < 16) {
        unsigned value;
        const char *behind = parse_group(text, &value);
        if (behind == NULL) return false;
        if (*behind == '.') {
            if (length > 12 || !parse_ipv4(text, found + length)) return false;
            length += 4;
            text = "";
            break;
        }
        found[length++] = (uint8_t)(value >> 8);
        found[length++] = (uint8_t)value;
        text = behind;
        if (*text == '\0') break;
        if (*text++ != ':') return false;
        if (*text == ':') {
            if (gap != SIZE_MAX) return false;
            gap = length;
            text++;
        } else if (*text == '\0') {
            return false;  // ends in a single colon
        }
    }
    if (*text != '\0' || (gap == SIZE_MAX ? length != 16 : length > 14)) return false;
    size_t before = gap == SIZE_MAX ? length : gap;
    size_t behind = length - before;
    memset(bytes, 0, 16);
    memcpy(bytes, found, before);
    memcpy(bytes + 16 - behind, found + before, behind);
    return true;
}

bool api_parse_address(const char *text, struct record_endpoint *address) {
    *address = (struct record_endpoint){0};
    if (parse_ipv4(text, address->address)) {
        address->family = 4;
        return true;
    }
    memset(address->address, 0, sizeof address->address);
    address->family = 6;
    return parse_ipv6(text, address->address);
}
