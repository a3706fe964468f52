// The sandbox: its libraries do what Lua's do, in the same way each time, and no script gets out or hangs.
#include "sim/script/sandbox.h"
#include "tests/check.h"

#include <dirent.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <time.h>

// ---- what scripts print

enum { OUTPUT_SIZE = 64 * 1024 };

struct output {
    char text[OUTPUT_SIZE];
    size_t length;
};

static void collect(void *context, const char *text, size_t length) {
    struct output *output = context;
    if (output->length + length + 2 > OUTPUT_SIZE) return;
    memcpy(output->text + output->length, text, length);
    output->length += length;
    output->text[output->length++] = '\n';
    output->text[output->length] = '\0';
}

static struct output output;

static struct sandbox *new_sandbox(uint64_t seed) {
    struct sandbox *sandbox = sandbox_new(NULL, seed);
    output.length = 0;
    output.text[0] = '\0';
    CHECK(sandbox != NULL);
    sandbox_set_print(sandbox, collect, &output);
    return sandbox;
}

static const char *run(struct sandbox *sandbox, const char *source) {
    return sandbox_run(sandbox, "script.lua", source, strlen(source));
}

// Runs `source` in a sandbox of its own: what it prints.
static const char *printed(const char *source, uint64_t seed) {
    struct sandbox *sandbox = new_sandbox(seed);
    const char *error = run(sandbox, source);
    check_about("%s", source);
    CHECK_STR(error, NULL);
    check_about(NULL);
    sandbox_delete(sandbox);
    return output.text;
}

// ---- the libraries do what Lua's do

struct expectation {
    const char *expression, *value;
};

static const struct expectation base[] = {
    {"nil, true, false, 1, -0.0, 1.5, 1e15, 1e100, 'x'", "nil\ttrue\tfalse\t1\t-0.0\t1.5\t1e+15\t1e+100\tx"},
    {"1 // 0.0, -1 // 0.0, 7 // 2, -7 // 2, 7.5 // 2, 7 % -3, -7 % 3, 5.5 % -2", "inf\t-inf\t3\t-4\t3.0\t-2\t2\t-0.5"},
    {"1 << 63, 1 << 64, -1 >> 1, 5 & 3, 5 | 3, 5 ~ 3, ~0", "-9223372036854775808\t0\t9223372036854775807\t1\t7\t6\t-1"},
    {"math.maxinteger + 1 == math.mininteger, 3 / 2, 4 / 2, 3 == 3.0", "true\t1.5\t2.0\ttrue"},
    {"type(nil), type(1), type('x'), type({}), type(print), type(coroutine.create(print))",
     "nil\tnumber\tstring\ttable\tfunction\tthread"},
    {"tostring(nil), tostring(1.0), tostring(12), tostring(true), tostring(-1e-7)", "nil\t1.0\t12\ttrue\t-1e-07"},
    {"tostring(setmetatable({}, {__tostring = function() return 'T' end}))", "T"},
    {"tonumber('12'), tonumber(' 0x1F '), tonumber('1e2'), tonumber('0x.8p1'), tonumber(''), tonumber('1 2'), "
     "tonumber('1e')",
     "12\t31\t100.0\t1.0\tnil\tnil\tnil"},
    {"tonumber('z', 36), tonumber('-ff', 16), tonumber('8', 8), tonumber('11', 2), tonumber(' 7 ', 10), tonumber(5), "
     "tonumber({})",
     "35\t-255\tnil\t3\t7\t5\tnil"},
    {"tonumber('9223372036854775807'), tonumber('9223372036854775808'), tonumber('inf'), tonumber('nan')",
     "9223372036854775807\t9.2233720368548e+18\tnil\tnil"},
    {"select('#'), select('#', nil, nil), select(2, 'a', 'b', 'c')", "0\t2\tb\tc"},
    {"select(-1, 'a', 'b', 'c')", "c"},
    {"(pcall(select, 0))", "false"},
    {"rawequal('a', 'a'), rawequal({}, {}), rawlen({1, 2}), rawlen('abc'), rawget({5}, 1), rawset({}, 1, 2)[1]",
     "true\tfalse\t2\t3\t5\t2"},
    {"pcall(error), pcall(error, 'x', 0), pcall(error, nil)", "false\tfalse\tfalse\tnil"},
    {"(pcall(error, 'x'))", "false"},
    {"(pcall(function() error('x', 0) end))", "false"},
    {"pcall(function(...) return ... end, 1, nil, 3)", "true\t1\tnil\t3"},
    {"select('#', pcall(function(...) return ... end, 1, nil))", "3"},
    {"xpcall(function(a) error(a, 0) end, function(e) return 'handled ' .. e, 2 end, 'x')", "false\thandled x"},
    {"xpcall(function(...) return select('#', ...), ... end, print, 1, 2)", "true\t2\t1\t2"},
    {"xpcall(error, function(e) return type(e) end)", "false\tnil"},
    {"pcall(assert, false), pcall(assert, nil, 'm'), assert(1, 2, 3)", "false\tfalse\t1\t2\t3"},
    {"(pcall(assert, false, {} == nil))", "false"},
    {"next({}), next({7}), next({a = 1})", "nil\t1\ta\t1"},
    {"(function() local s = 0 for i, v in ipairs({1, 2, nil, 4}) do s = s + v end return s end)()", "3"},
    {"(function() local s = 0 for k, v in pairs({1, 2, a = 3}) do s = s + v end return s end)()", "6"},
    {"(function() local s = '' for k, v in pairs(setmetatable({}, {__pairs = function(t) return next, {x = 1}, nil "
     "end})) do s = s .. k end return s end)()",
     "x"},
    {"(function() local s = '' for i, v in ipairs(setmetatable({}, {__index = function(t, i) return i < 4 and i or nil "
     "end})) do s = s .. v end return s end)()",
     "123"},
    {"setmetatable({}, {__index = {x = 1}}).x, setmetatable({}, {__index = function(t, k) return k end}).y", "1\ty"},
    // Chains of tables, and what ends them; getmetatable() gives what the script wrote.
    {"(function() local function on(t) return setmetatable({}, {__index = t}) end local f = on(on(setmetatable({}, "
     "{__index = function(t, k) return k .. #t end}))) local s = on(on('abc')) return f.x, s.len, on(on({y = 2})).y, "
     "on(on({})).y, pcall(function() return on(on(5)).x end) end)()",
     "x0\tfunction\t2\tnil\tfalse\tscript.lua:1: attempt to index a number value (by __index)"},
    {"(function() local function on(t) return setmetatable({}, {__newindex = t}) end local a, seen = {} local b = "
     "on(on(a)) b.x = 1 on(on(setmetatable({}, {__newindex = function(t, k, v) seen = k .. v end}))).k = 'v' return "
     "a.x, rawget(b, 'x'), seen, pcall(function() b[0/0] = 1 end) end)()",
     "1\tnil\tkv\tfalse\tscript.lua:1: table index is NaN"},
    {"(function() local m, a = {}, {x = 1} m.__index = a local t = setmetatable({}, m) m.__index = {x = 2} local old = "
     "t.x setmetatable(t, m) return old, t.x, getmetatable(t).__index == m.__index end)()",
     "1\t2\ttrue"},
    {"coroutine.wrap(function() local t = setmetatable({}, {__index = setmetatable({}, {__index = function(t, k) "
     "return "
     "coroutine.yield(k) end})}) return t.x end)()",
     "x"},
    {"setmetatable({}, {__call = function(self, a) return a * 2 end})(21)", "42"},
    {"#setmetatable({}, {__len = function() return 9 end}), -setmetatable({}, {__unm = function() return 8 end})",
     "9\t8"},
    {"setmetatable({}, {__add = function(a, b) return 'sum' end}) + 1, 1 .. setmetatable({}, {__concat = function(a, "
     "b) return a end})",
     "sum\t1"},
    {"setmetatable({}, {__eq = function() return true end}) == setmetatable({}, {}), setmetatable({}, {__lt = "
     "function() return true end}) < {}",
     "true\ttrue"},
    {"(function() local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.x = 4 return "
     "t.x end)()",
     "8"},
    {"(function() local mt = {} local t = setmetatable({}, mt) return getmetatable(t) == mt, getmetatable({}), "
     "setmetatable(t, nil) == t, getmetatable(t) end)()",
     "true\tnil\ttrue\tnil"},
    {"getmetatable(setmetatable({}, {__metatable = 'locked'}))", "locked"},
    {"(pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))", "false"},
    {"(function() local A = {} A.__index = A function A.new(n) return setmetatable({n = n}, A) end function A:twice() "
     "return self.n * 2 end local B = setmetatable({}, {__index = A}) B.__index = B return A.new(4):twice(), "
     "setmetatable({n = 5}, B):twice() end)()",
     "8\t10"},
    {"(function() local t = {} for i = 1, 10 do t[i] = i end for i = 1, 10, 2 do t[i] = nil end local n = 0 for _ in "
     "pairs(t) do n = n + 1 end return n end)()",
     "5"},
    {"(function() goto done do return 1 end ::done:: return 2 end)()", "2"},
    {"(function(...) local a <const>, b = ... return a, b, select('#', ...) end)(1, 2, 3)", "1\t2\t3"},
    {"_VERSION", "Lua 5.4"},
};

static const struct expectation strings[] = {
    {"('abc'):len(), #'abc', string.len('a\\0b')", "3\t3\t3"},
    {"('abcdef'):sub(2, 4), ('abcdef'):sub(-3), ('abcdef'):sub(0), ('abc'):sub(2, 1), ('abc'):sub(-100, 100), "
     "('abc'):sub(4)",
     "bcd\tdef\tabcdef\t\tabc\t"},
    {"('abc'):sub(math.mininteger, math.maxinteger), ('abc'):sub(math.maxinteger)", "abc\t"},
    {"('aBc'):upper(), ('aBc'):lower(), ('abc'):reverse(), (''):reverse()", "ABC\tabc\tcba\t"},
    {"('ab'):rep(3), ('ab'):rep(0), ('ab'):rep(-1), ('ab'):rep(3, '-'), ('ab'):rep(1, '-'), (''):rep(5), (''):rep(3, "
     "',')",
     "ababab\t\t\tab-ab-ab\tab\t\t,,"},
    {"('ab'):rep(5, 'xyz'), #('abc'):rep(1000, ', ')", "abxyzabxyzabxyzabxyzab\t4998"},
    {"('ABC'):byte(), ('ABC'):byte(2), ('ABC'):byte(-1), ('ABC'):byte(1, -1)", "65\t66\t67\t65\t66\t67"},
    {"select('#', (''):byte(1, -1)), select('#', ('abc'):byte(10))", "0\t0"},
    {"string.char(72, 105), string.char(), #string.char(0, 255)", "Hi\t\t2"},
    {"(pcall(string.char, 256))", "false"},
    {"string.format('%d %5d %-5d| %05d %+d', 1, 2, 3, 4, 5), string.format('%i', 3.0)", "1     2 3    | 00004 +5\t3"},
    {"string.format('% d %x %X %#x %o', 5, 255, 255, 255, 8)", " 5 ff FF 0xff 10"},
    {"string.format('%.3d|%5.2d|%c%c', 5, 7, 72, 105)", "005|   07|Hi"},
    {"string.format('%5s|%-5s|%.2s|%5.1s|%s', 'ab', 'cd', 'efg', 'hij', 'k')", "   ab|cd   |ef|    h|k"},
    {"string.format('%s %s %s %s', nil, true, 1.5, 'x'), string.format('%10s|', true)", "nil true 1.5 x\t      true|"},
    {"string.format('%f %.2f %10.3f|%-10.1f|', 1.5, 2.345, 3.14159, 2.25)", "1.500000 2.35      3.142|2.2       |"},
    {"string.format('%e %.2E %g %G %g', 12345.678, 0.00012, 1e20, 1e-10, 100)",
     "1.234568e+04 1.20E-04 1e+20 1E-10 100"},
    {"string.format('%.3f', 2/3), string.format('%5.1f|%05.1f', -1.25, 2.5)", "0.667\t -1.2|002.5"},
    {"string.format('%.0f %.14g %.17g', 0.5, 0.1, 0.1), string.format('%f', math.huge), string.format('%d', -0)",
     "0 0.1 0.10000000000000001\tinf\t0"},
    {"string.format('%.99f', 1/3):len(), string.format('%99.99f', 1e300):len()", "101\t401"},
    {"string.format('%%'), string.format('100%% of %s', 'it'), string.format('')", "%\t100% of it\t"},
    {"string.format('%q', 'a \"quoted\"\\n\\\\ \\0 \\r\\t1 \\1272'), string.format('%q', 1), "
     "string.format('%q', math.mininteger)",
     "\"a \\\"quoted\\\"\\\n\\\\ \\0 \\13\\0091 \\1272\"\t1\t0x8000000000000000"},
    {"string.format('%q %q', true, nil)", "true nil"},
    {"(select(2, pcall(string.format, '%q', 0.5)))",
     "script.lua:1: '%q' of a float is not available: C libraries write it differently (%.17g has all digits)"},
    {"(select(2, pcall(string.format, '%a', 0.5)))",
     "script.lua:1: '%a' is not available: C libraries write it differently (%.17g has all digits)"},
    // The sign of "not a number" depends on the processor.
    {"string.upper(0/0), string.rep(-(0/0), 2, 0/0), string.len(0/0), (0/0 .. ''):len() > 2",
     "NAN\tnannannan\t3\ttrue"},
    {"string.find(0/0, 'n'), string.gsub('x', 'x', 0/0), string.gsub(0/0, 0/0, '%0'), table.concat({0/0, 1}, 0/0)",
     "1\tnan\tnan\tnannan1"},
    {"utf8.len(0/0), string.format(0/0), string.byte(0/0), string.reverse(-0.0)", "3\tnan\t110\t0.0-"},
    {"string.format('%s', setmetatable({}, {__tostring = function() return 'obj' end}))", "obj"},
    {"(pcall(string.format, '%d', 1.5))", "false"},
    {"(pcall(string.format, '%d', 'x'))", "false"},
    {"(pcall(string.format, '%d'))", "false"},
    {"(pcall(string.format, '%y', 1))", "false"},
    {"(pcall(string.format, '%', 1))", "false"},
    {"(pcall(string.format, '%123d', 1))", "false"},
    {"(pcall(string.format, '%.123f', 1))", "false"},
    {"(pcall(string.format, '%#d', 1))", "false"},
    {"string.format('%d', '10'), string.format('%s', 10), string.format('%x', '0x10')", "10\t10\t10"},
    {"'a' < 'b', 'a' < 'B', 'a' .. 1 .. 2.0, 'Z' < 'a', '' < 'a', 'a\\0b' < 'a\\0c'",
     "true\tfalse\ta12.0\ttrue\ttrue\ttrue"},
    {"('x').rep('y', 2), ('%d'):format(7), #'\\u{48}\\x41\\65\\z   b'", "yy\t7\t4"},
};

static const struct expectation patterns[] = {
    {"('hello world'):find('o w'), ('hello'):find('l'), ('hello'):find('xyz'), ('hello'):find('')", "5\t3\tnil\t1\t0"},
    {"('hello world'):find('o', 6), ('hello'):find('l', -2), ('hello'):find('', 10), ('hello'):find('', 6)",
     "8\t4\tnil\t6\t5"},
    {"('a.b'):find('.', 1, true), ('a.b'):find('%.'), ('a+b'):find('+', 1, true), ('aXb'):find('%u')", "2\t2\t2\t2\t2"},
    {"('hello'):find('(l)(l)'), ('hello'):find('()ll()')", "3\t3\t4\t3\t5"},
    {"('key = value'):match('^(%w+)%s*=%s*(%w+)$'), ('  trim  '):match('^%s*(.-)%s*$') .. '|'", "key\ttrim|"},
    {"('2026-11-22'):match('(%d+)-(%d+)-(%d+)'), ('abc'):match('b'), ('abc'):match('^b'), ('abc'):match('()b()')",
     "2026\tb\tnil\t2\t3"},
    {"('aaa'):match('a-'), ('aaab'):match('a-b'), ('aaa'):match('a+'), ('aaa'):match('a*'), "
     "('aaa'):match('^a?a?a?a?$')",
     "\taaab\taaa\taaa\taaa"},
    {"('[[x]]'):match('%[%[(.*)%]%]'), ('a]b'):match('[]]'), ('a^b'):match('[%^]'), ('a-b'):match('[a%-]+'), "
     "('abc'):match('[^a]+')",
     "x\t]\t^\ta-\tbc"},
    {"('x1y2'):match('[a-y]%d', 2), ('a-z'):match('[a-]+'), ('-'):match('[+--]'), ('%'):match('[%%]'), "
     "('b'):match('[a-c]')",
     "y2\ta-\t-\t%\tb"},
    {"('f(a(b)c)d'):match('%b()'), ('<<x>'):match('%b<>'), ('no'):match('%b()'), (\"'q'\"):match(\"%b''\")",
     "(a(b)c)\t<x>\tnil\t'q'"},
    {"('THE (quick) fox'):find('%f[%a]%a+%f[%A]'), ('hello world'):gsub('%f[%w]%w+', string.upper)",
     "1\tHELLO WORLD\t2"},
    {"('abcabc'):match('(abc)%1'), ('\"x\\'y\"'):match('([\"\\'])(.-)%1'), ('aa bb'):match('(%a)%1 (%a)%2')",
     "abc\t\"\ta\tb"},
    {"('a$b'):match('a$b'), ('ab'):match('b$'), ('a^'):match('a^'), ('a'):match('a$'), ('ab'):match('a$')",
     "a$b\tb\ta^\ta\tnil"},
    {"('hello'):gsub('l', 'L'), ('hello'):gsub('', '-'), ('hello'):gsub('l', 'L', 1), ('abc'):gsub('%w', '%0%0')",
     "heLLo\t-h-e-l-l-o-\theLlo\taabbcc\t3"},
    {"('hello world'):gsub('(%w+)', '<%1>'), ('a,b'):gsub('(%w),(%w)', '%2,%1'), ('abc'):gsub('b', '%%')",
     "<hello> <world>\tb,a\ta%c\t1"},
    {"('$name is $age'):gsub('%$(%w+)', {name = 'Lua', age = 5}), ('abc'):gsub('.', {a = 1, b = true == nil})",
     "Lua is 5\t1bc\t3"},
    {"('abc'):gsub('.', function(c) if c == 'b' then return 'X' end end), ('abc'):gsub('()', function(p) return p end)",
     "aXc\t1a2b3c4\t4"},
    {"('abc'):gsub('^a', 'x'), ('aaa'):gsub('^a', 'x'), ('abc'):gsub('b*', '-'), ('abc'):gsub('$', '!')",
     "xbc\txaa\t-a-c-\tabc!\t1"},
    {"('x'):gsub('x', '%1'), ('hello'):gsub('x*', '-'), (''):gsub('', 'x'), ('abc'):gsub('.', '', 0)",
     "x\t-h-e-l-l-o-\tx\tabc\t0"},
    {"(function() local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return "
     "table.concat(t, ';') end)()",
     "a1;b2"},
    {"(function() local t = {} for w in ('one two  three'):gmatch('%a+') do t[#t + 1] = w end return table.concat(t, "
     "';') end)()",
     "one;two;three"},
    {"(function() local n = 0 for p in ('abc'):gmatch('()') do n = n * 10 + p end return n end)()", "1234"},
    {"(function() local t = {} for w in ('abab'):gmatch('a', 2) do t[#t + 1] = w end return #t end)()", "1"},
    {"(function() local t = {} for w in ('a^b'):gmatch('^b') do t[#t + 1] = w end return #t end)()", "1"},
    {"('a\\0b'):find('\\0'), ('a\\0b'):match('%z') == nil, ('a\\0b'):find('[\\0]'), #('a\\0b'):match('.+')",
     "2\tfalse\t2\t3"},
    {"('\\t\\n x'):match('%s+') == '\\t\\n ', ('a1_!'):match('%W'), ('a!b'):match('%p'), ('\\1'):match('%c') == '\\1', "
     "('fF0g'):match('%x+'), ('aBc'):match('%l%u%l')",
     "true\t_\t!\ttrue\tfF0\taBc"},
    {"('\303\251'):match('%a'), ('\303\251'):upper() == '\303\251', (' x'):match('%g'), ('x y'):match('%S+'), "
     "('12ab'):match('%D+')",
     "nil\ttrue\tx\tx\tab"},
    {"(pcall(string.find, 'a', '[a'))", "false"},
    {"(pcall(string.find, 'a', '%'))", "false"},
    {"(pcall(string.find, 'a', '(a'))", "false"},
    {"pcall(string.find, 'a', 'a)')", "true\tnil"},
    {"(pcall(string.find, 'a', '%1'))", "false"},
    {"(pcall(string.find, 'a', '%f'))", "false"},
    {"(pcall(string.find, 'a', '%b'))", "false"},
    {"(pcall(string.find, 'a', '(a%1)'))", "false"},
    {"(pcall(string.gsub, 'a', 'a', '%2'))", "false"},
    {"(pcall(string.gsub, 'a', 'a', '%x'))", "false"},
    {"(pcall(string.gsub, 'a', 'a', function() return {} end))", "false"},
    {"(pcall(string.gsub, 'a', 'a'))", "false"},
    {"(pcall(string.rep))", "false"},
};

static const struct expectation tables[] = {
    {"(function() local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) return table.concat(t, ',') end)()",
     "0,1,2,3"},
    {"(function() local t = {1, 2, 3} return table.remove(t), table.remove(t, 1), #t, table.remove({}), "
     "table.remove(t, 2) end)()",
     "3\t1\t1\tnil\tnil"},
    {"(pcall(table.insert, {1}, 5, 1))", "false"},
    {"(pcall(table.insert, {1}, 1, 1, 1))", "false"},
    {"(pcall(table.insert, {1}))", "false"},
    {"(pcall(table.remove, {1, 2}, 5))", "false"},
    {"(function() local t = {} t[0] = 'z' return table.remove(t, 0), table.remove(t, 0), #t end)()", "z\tnil\t0"},
    {"table.concat({1, 2.5, 'x'}, '-'), table.concat({}, ','), table.concat({1, 2, 3}, ',', 2), table.concat({1, 2, "
     "3}, ',', 2, 2), table.concat({1}, ',', 2)",
     "1-2.5-x\t\t2,3\t2\t"},
    {"(pcall(table.concat, {1, {}, 3}))", "false"},
    {"table.unpack({1, 2, 3}), table.unpack({1, 2, 3}, 2), table.unpack({1, 2}, 1, 3)", "1\t2\t1\t2\tnil"},
    {"select('#', table.unpack({}, 1, 3)), select('#', table.unpack({}, 3, 1))", "3\t0"},
    {"table.unpack({1, 2, 3}, -1, 1)", "nil\tnil\t1"},
    {"(pcall(table.unpack, {}, math.mininteger, math.maxinteger))", "false"},
    {"table.pack(1, nil, 3).n, table.pack().n, #table.pack('a', 'b')", "3\t0\t2"},
    {"table.concat(table.move({1, 2, 3}, 1, 3, 2), ','), table.concat(table.move({1, 2, 3}, 2, 3, 1), ','), "
     "table.concat(table.move({1, 2, 3}, 1, 3, 1, {}), ',')",
     "1,1,2,3\t2,3,3\t1,2,3"},
    {"#table.move({1, 2, 3}, 1, 0, 5), table.move({}, 1, 2, math.maxinteger - 1) ~= nil", "3\ttrue"},
    {"(pcall(table.move, {}, 1, 2, math.maxinteger))", "false"},
    {"(pcall(table.move, {}, math.mininteger, math.maxinteger, 1))", "false"},
    {"(function() local t = {5, 2, 8, 1, 9, 3} table.sort(t) return table.concat(t, ' ') end)()", "1 2 3 5 8 9"},
    {"(function() local t = {'b', 'a', 'C', 'B', ''} table.sort(t) return table.concat(t, ' ') end)()", " B C a b"},
    {"(function() local t = {5, 2.5, 8, 1} table.sort(t, function(a, b) return a > b end) return table.concat(t, ' ') "
     "end)()",
     "8 5 2.5 1"},
    {"(function() local t = {} table.sort(t) t = {1} table.sort(t) return #t end)()", "1"},
    {"(function() local p = setmetatable({}, {__index = function(t, i) return i <= 3 and i * 10 or nil end, __len = "
     "function() return 3 end}) return table.concat(p, ','), table.unpack(p) end)()",
     "10,20,30\t10\t20\t30"},
    {"(pcall(table.sort, {3, 'x', 1}))", "false"},
    {"(pcall(table.sort, {1, 2}, 5))", "false"},
    {"(pcall(table.concat))", "false"},
    {"#{1, 2, 3, nil}, #{n = 1}, #{[1] = 1, [2] = 2}", "3\t0\t2"},
};

static const struct expectation numbers[] = {
    {"math.floor(1.5), math.floor(-1.5), math.floor(3), math.floor(1e100), math.floor(-0.0), math.floor(2.0)",
     "1\t-2\t3\t1e+100\t0\t2"},
    {"math.ceil(1.5), math.ceil(-1.5), math.ceil(3), math.ceil(-1e100), math.ceil(-0.5), math.ceil(4503599627370497.0)",
     "2\t-1\t3\t-1e+100\t0\t4503599627370497"},
    {"math.floor(4503599627370495.5), math.floor(-4503599627370495.5), math.floor(9007199254740993), "
     "math.floor(math.huge)",
     "4503599627370495\t-4503599627370496\t9007199254740993\tinf"},
    {"math.abs(-3), math.abs(3.5), math.abs(-0.0), math.abs(math.mininteger), math.abs(-math.huge)",
     "3\t3.5\t0.0\t-9223372036854775808\tinf"},
    {"math.max(1, 2.5, -1), math.min(1, 2.5, -1), math.max(3), math.max(2, 2.0), math.min(2.0, 2)",
     "2.5\t-1\t3\t2\t2.0"},
    {"(pcall(math.max))", "false"},
    {"math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3), math.fmod(5.5, 2), math.fmod(-5.5, 2), math.fmod(-6, 2.0), "
     "math.fmod(1, math.huge)",
     "1\t-1\t1\t1.5\t-1.5\t-0.0\t1.0"},
    {"(pcall(math.fmod, 1, 0))", "false"},
    {"math.fmod(math.mininteger, -1), math.fmod(1e308, 3.0), math.fmod(-1e-300, 1e300)", "0\t2.0\t-1e-300"},
    {"math.tointeger(3.0), math.tointeger(3.5), math.tointeger('8'), math.tointeger('x'), math.tointeger({})",
     "3\tnil\t8\tnil\tnil"},
    {"math.type(1), math.type(1.0), math.type('1')", "integer\tfloat\tnil"},
    {"math.ult(1, -1), math.ult(-1, 1)", "true\tfalse"},
    {"math.huge, -math.huge, math.maxinteger, math.mininteger, math.pi",
     "inf\t-inf\t9223372036854775807\t-9223372036854775808\t3.1415926535898"},
    {"(pcall(math.floor, 'x'))", "false"},
    {"math.floor('2.5'), math.floor('7')", "2\t7"},
    {"(pcall(math.random, 0, 1, 2))", "false"},
};

static const struct expectation utf8[] = {
    {"utf8.char(72, 228, 8364, 0x10FFFF), utf8.char(), #utf8.char(0x7FFFFFFF), utf8.char(0) == '\\0'",
     "H\303\244\342\202\254\364\217\277\277\t\t6\ttrue"},
    {"utf8.len('h\303\244\303\237\342\202\254'), utf8.len(''), utf8.len('a\\xffb'), utf8.len('h\303\244\303\237', 3), "
     "utf8.len('h\303\244\303\237', 4), utf8.len('abc', -1), utf8.len('abc', 4)",
     "4\t0\tnil\tnil\t1\t1\t0"},
    {"utf8.len('\\u{D7FF}'), utf8.len('\\xED\\xA0\\x80'), utf8.len('\\xED\\xA0\\x80', 1, -1, true), "
     "utf8.len('\\xC0\\x80'), utf8.len('\\xF4\\x90\\x80\\x80'), utf8.len('\\xE2\\x82')",
     "1\tnil\t1\tnil\tnil\tnil\t1"},
    {"utf8.codepoint('h\342\202\254', 1, -1)", "104\t8364"},
    {"utf8.codepoint('\342\202\254'), utf8.codepoint('abc', 2, 3)", "8364\t98\t99"},
    {"select('#', utf8.codepoint('abc', 3, 2))", "0"},
    {"(pcall(utf8.codepoint, '\\xff'))", "false"},
    {"(pcall(utf8.codepoint, 'abc', 4))", "false"},
    {"utf8.offset('a\303\244b', 1), utf8.offset('a\303\244b', 2), utf8.offset('a\303\244b', 3), "
     "utf8.offset('a\303\244b', 4), utf8.offset('a\303\244b', 5), utf8.offset('a\303\244b', -1), "
     "utf8.offset('a\303\244b', -2), utf8.offset('a\303\244b', -4)",
     "1\t2\t4\t5\tnil\t4\t2\tnil"},
    {"utf8.offset('a\303\244b', 0, 3), utf8.offset('a\303\244b', 0), utf8.offset('', 1), utf8.offset('abc', 2, 2), "
     "utf8.offset('abc', -1, 3)",
     "2\t1\t1\t3\t2"},
    {"(pcall(utf8.offset, 'a\303\244b', 1, 3))", "false"},
    {"(pcall(utf8.offset, 'abc', 1, 6))", "false"},
    {"(function() local s = '' for p, c in utf8.codes('a\303\244\342\202\254') do s = s .. p .. ':' .. c .. ' ' end "
     "return s end)()",
     "1:97 2:228 4:8364 "},
    {"(pcall(function() for _ in utf8.codes('a\\xff') do end end))", "false"},
    {"(function() local t = {} for c in ('h\303\244\342\202\254'):gmatch(utf8.charpattern) do t[#t + 1] = c end return "
     "table.concat(t, '|') end)()",
     "h|\303\244|\342\202\254"},
    {"(pcall(utf8.char, -1))", "false"},
};

static const struct expectation coroutines[] = {
    {"(function() local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return "
     "co(1), co(10) end)()",
     "2\t20"},
    {"(function() local co = coroutine.create(function() coroutine.yield(1) error('x', 0) end) return "
     "coroutine.resume(co), coroutine.resume(co), coroutine.status(co) end)()",
     "true\tfalse\tdead"},
    {"coroutine.resume(coroutine.create(function(...) return select('#', ...), ... end), 1, nil, 3)",
     "true\t3\t1\tnil\t3"},
    {"(function() local co = coroutine.create(function() end) local a = coroutine.status(co) coroutine.resume(co) "
     "return a, coroutine.status(co), coroutine.resume(co) end)()",
     "suspended\tdead\tfalse\tcannot resume dead coroutine"},
    {"(function() local co co = coroutine.create(function() return coroutine.status(co), coroutine.resume(co) end) "
     "return coroutine.resume(co) end)()",
     "true\trunning\tfalse\tcannot resume non-suspended coroutine"},
    {"(function() local a a = coroutine.create(function() local b = coroutine.create(function() return "
     "coroutine.status(a) end) return coroutine.resume(b) end) return coroutine.resume(a) end)()",
     "true\ttrue\tnormal"},
    {"coroutine.isyieldable(), coroutine.wrap(function() return coroutine.isyieldable() end)(), select(2, "
     "coroutine.running())",
     "false\ttrue\ttrue"},
    {"coroutine.wrap(function() return select(2, coroutine.running()) end)()", "false"},
    {"(function() local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) return "
     "coroutine.close(co), coroutine.status(co), coroutine.close(coroutine.create(print)) end)()",
     "true\tdead\ttrue"},
    {"(function() local co = coroutine.create(function() error('x', 0) end) coroutine.resume(co) return "
     "coroutine.close(co) end)()",
     "false\tx"},
    {"(pcall(coroutine.close, coroutine.running()))", "false"},
    {"(pcall(coroutine.wrap(function() error('x', 0) end)))", "false"},
    {"pcall(coroutine.wrap(function() error({}) end)) == false", "true"},
    {"coroutine.wrap(function() return pcall(function() coroutine.yield(1) error('late', 0) end) end)()", "1"},
    {"(function() local co = coroutine.wrap(function() return pcall(function() coroutine.yield(1) error('late', 0) "
     "end) end) co() return co() end)()",
     "false\tlate"},
    {"(function() local co = coroutine.wrap(function() return xpcall(function() coroutine.yield(1) error('late', 0) "
     "end, function(e) return e .. '!' end) end) co() return co() end)()",
     "false\tlate!"},
    {"(function() local co = coroutine.wrap(function() return xpcall(function() return coroutine.yield(1) end, print) "
     "end) co() return co('back') end)()",
     "true\tback"},
    {"(function() local t = {} for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do t[#t "
     "+ 1] = v end return table.concat(t, ',') end)()",
     "1,2,3"},
    {"(function() local co = coroutine.wrap(function() for k, v in pairs(setmetatable({}, {__pairs = function() "
     "coroutine.yield('in') return next, {x = 1} end})) do coroutine.yield(k) end end) return co(), co() end)()",
     "in\tx"},
    {"(pcall(coroutine.yield))", "false"},
    {"(pcall(coroutine.create, 1))", "false"},
    {"(pcall(coroutine.resume, 1))", "false"},
};

// Where the sandbox is not like Lua.
static const struct expectation differences[] = {
    {"{}, print, coroutine.create(print)", "table\tfunction\tthread"},
    {"getmetatable('')", "false"},
    {"0/0, -(0/0)", "nan\tnan"},
    {"pcall(function() return '10' + 1 end)",
     "false\tscript.lua:1: attempt to perform arithmetic on a string value (constant '10')"},
    {"select(2, pcall(math.random, 2, 1))", "script.lua:1: bad argument #2 to '?' (interval is empty)"},
    {"load, loadstring, dofile, loadfile, require, collectgarbage", "nil\tnil\tnil\tnil\tnil\tnil"},
    {"os, io, debug, package, _G, string.dump, math.sin, math.sqrt", "nil\tnil\tnil\tnil\tnil\tnil\tnil\tnil"},
    {"(function() local t, mt = {}, {} setmetatable(t, mt) mt.__index = {x = 1} local before = t.x "
     "setmetatable(t, mt) return before, t.x, getmetatable(t) == mt end)()",
     "nil\t1\ttrue"},
};

static void check_expectations(const struct expectation *expectations, size_t count) {
    char source[1024];
    for (size_t i = 0; i < count; i++) {
        struct sandbox *sandbox = new_sandbox(1);
        snprintf(source, sizeof source, "print(%s)", expectations[i].expression);
        check_about("%s", source);
        CHECK_STR(run(sandbox, source), NULL);
        if (output.length > 0) output.text[output.length - 1] = '\0';
        CHECK_STR(output.text, expectations[i].value);
        sandbox_delete(sandbox);
    }
    check_about(NULL);
}

#define CHECK_EXPECTATIONS(list) check_expectations((list), sizeof(list) / sizeof *(list))

// ---- the same each time

static void test_order_of_pairs(void) {
    CHECK_STR(printed("local t = { [true] = 1, b = 2, [1.5] = 3, a = 4, [-1] = 5, [false] = 6, 'x', 'y', ab = 7, "
                      "[math.huge] = 8, [1 << 62] = 9, [-math.huge] = 10, [''] = 11, ['\\xff'] = 12 }\n"
                      "local keys = {}\n"
                      "for k in pairs(t) do keys[#keys + 1] = tostring(k) end\n"
                      "print((table.concat(keys, ' '):gsub('\\xff', 'FF')))",
                      1),
              "-inf -1 1 1.5 2 4611686018427387904 inf  a ab b FF false true\n");
    CHECK_STR(printed("local t, keys = {}, {}\n"
                      "for i = 1, 300 do t['key' .. i * 7919 % 1000] = i end\n"
                      "for k in pairs(t) do keys[#keys + 1] = k end\n"
                      "local n, k = 0, nil\n"
                      "repeat k = next(t, k) if k then n = n + 1 assert(keys[n] == k) end until not k\n"
                      "local sorted = table.move(keys, 1, #keys, 1, {})\n"
                      "table.sort(sorted)\n"
                      "for i = 1, 300 do assert(sorted[i] == keys[i]) end\n"
                      "print(n)",
                      1),
              "300\n");
    CHECK_STR(printed("local t = { 1, 2, 3, 4, a = 5 }\n"
                      "for k, v in pairs(t) do t[k] = nil t[k == 'a' and 'a' or k + 1] = nil print(k, v) end",
                      1),
              "1\t1\n3\t3\na\t5\n");
}

static void test_luck(void) {
    static const char source[] = "for i = 1, 5 do print(math.random(1000), math.random(), math.random(0)) end";
    char first[OUTPUT_SIZE];
    snprintf(first, sizeof first, "%s", printed(source, 42));
    CHECK_STR(printed(source, 42), first);
    CHECK(strcmp(printed(source, 43), first) != 0);
    CHECK_STR(printed("for i = 1, 1000 do\n"
                      "  local a, b, c = math.random(), math.random(3), math.random(-5, 5)\n"
                      "  assert(a >= 0 and a < 1 and b >= 1 and b <= 3 and c >= -5 and c <= 5)\n"
                      "  assert(math.type(b) == 'integer')\n"
                      "end\n"
                      "local seen = {}\n"
                      "for i = 1, 100 do seen[math.random(3)] = true end\n"
                      "print(#seen, math.random(math.mininteger, math.maxinteger) ~= nil)",
                      7),
              "3\ttrue\n");
}

static void test_sort_is_stable(void) {
    CHECK_STR(printed("local t = {}\n"
                      "for i = 1, 1000 do t[i] = { key = i * 7 % 10, at = i } end\n"
                      "table.sort(t, function(a, b) return a.key < b.key end)\n"
                      "for i = 2, 1000 do\n"
                      "  local a, b = t[i - 1], t[i]\n"
                      "  assert(a.key < b.key or (a.key == b.key and a.at < b.at))\n"
                      "end\n"
                      "local n = {}\n"
                      "for i = 1, 500 do n[i] = math.random(1000) end\n"
                      "table.sort(n, function() return true end)\n"
                      "table.sort(n, function(a, b) return a > b end)\n"
                      "for i = 2, 500 do assert(n[i - 1] >= n[i]) end\n"
                      "print('sorted')",
                      1),
              "sorted\n");
}

// ---- hostile scripts

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = calloc(1, SANDBOX_SOURCE_MAX);
    *length = text == NULL ? 0 : fread(text, 1, SANDBOX_SOURCE_MAX - 1, file);
    fclose(file);
    return text;
}

// Compiles and runs the text; its error, which must come within two seconds of processor time.
static const char *run_hostile(struct sandbox *sandbox, const char *name, const char *source, size_t length) {
    const clock_t start = clock();
    const char *error = sandbox_run(sandbox, name, source, length);
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (!CHECK(seconds < 2.0)) fprintf(stderr, "it took %.2f s\n", seconds);
    return error;
}

static void test_hostile_file(const char *name) {
    static const char mark[] = "-- expect: ";
    char path[512];
    char expected[128];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/tests/hostile/%s", SYNFIN_SOURCE_DIR, name);
    char *source = read_file(path, &length);
    check_about("tests/hostile/%s", name);
    if (CHECK(source != NULL) && CHECK(strncmp(source, mark, sizeof mark - 1) == 0)) {
        const char *from = source + sizeof mark - 1;
        snprintf(expected, sizeof expected, "%.*s", (int)strcspn(from, "\n"), from);
        struct sandbox *sandbox = new_sandbox(1);
        const char *error = run_hostile(sandbox, name, source, length);
        CHECK_CONTAINS(error, expected);
        if (CHECK(error != NULL)) {
            CHECK(strncmp(error, name, strlen(name)) == 0 && error[strlen(name)] == ':');
            CHECK(strchr(error, '\n') == NULL);
        }
        sandbox_delete(sandbox);
    }
    free(source);
    check_about(NULL);
}

static void test_hostile_files(void) {
    int count = 0;
    DIR *directory = opendir(SYNFIN_SOURCE_DIR "/tests/hostile");
    if (!CHECK(directory != NULL)) return;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *end = strrchr(entry->d_name, '.');
        if (end == NULL || strcmp(end, ".lua") != 0) continue;
        test_hostile_file(entry->d_name);
        count++;
    }
    closedir(directory);
    CHECK(count >= 100);
}

// Texts that make the compiler work, which has no budget.
static void test_hostile_compilation(void) {
    static char source[SANDBOX_SOURCE_MAX + 1];
    size_t at = 0;
    for (int level = 0; level < 180; level++) {
        at += (size_t)snprintf(source + at, sizeof source - at, "function f()local a");
        for (int i = 0; i < 80; i++)
            at += (size_t)snprintf(source + at, sizeof source - at, ",a");
        source[at++] = ' ';
    }
    while (at < SANDBOX_SOURCE_MAX - 1000)
        at += (size_t)snprintf(source + at, sizeof source - at, "x=x ");
    for (int level = 0; level < 180; level++)
        at += (size_t)snprintf(source + at, sizeof source - at, " end");
    struct sandbox *sandbox = new_sandbox(1);
    check_about("a name looked up through many variables");
    CHECK_STR(run_hostile(sandbox, "names", source, at), NULL);
    sandbox_delete(sandbox);

    at = (size_t)snprintf(source, sizeof source, "local t = {}\n");
    for (unsigned long i = 1; at < SANDBOX_SOURCE_MAX - 100; i++)
        at += (size_t)snprintf(source + at, sizeof source - at, "t=%lu\n", i * 16383);
    sandbox = new_sandbox(1);
    check_about("constants that collide");
    CHECK_STR(run_hostile(sandbox, "constants", source, at), NULL);
    sandbox_delete(sandbox);
    check_about(NULL);
}

static void test_what_is_no_script(void) {
    static const char bytecode[] = "\x1BLua\x54\x00\x19\x93\r\n\x1A\n";
    static char long_text[SANDBOX_SOURCE_MAX + 1];
    struct sandbox *sandbox = new_sandbox(1);
    CHECK_STR(sandbox_run(sandbox, "code", bytecode, sizeof bytecode),
              "code:1: this is compiled Lua; only text is run");
    memset(long_text, ' ', sizeof long_text);
    CHECK_STR(sandbox_run(sandbox, "long", long_text, sizeof long_text), "long: a script may have at most 64 KiB");
    CHECK_STR(sandbox_run(sandbox, "blank", long_text, SANDBOX_SOURCE_MAX), NULL);
    CHECK_STR(sandbox_run(sandbox, "empty", "", 0), NULL);
    CHECK_STR(run(sandbox, "\xEF\xBB\xBFprint 'a byte order mark'"), NULL);
    CHECK_STR(run(sandbox, "x = = 1"), "script.lua:1: unexpected symbol near '='");
    CHECK_STR(run(sandbox, "local s = 'a\\\n^' --[[\n^]] .. [==[\n^]==] -- ^\nlocal t = 'a\\z\n ^\\'^'\nx = 1 ^ 2"),
              "script.lua:7: the operator ^ is not available: powers differ from machine to machine (for powers of "
              "two: 1 << n)");
    CHECK_STR(output.text, "a byte order mark\n");
    sandbox_delete(sandbox);
}

// ---- errors

static void test_places_of_errors(void) {
    struct sandbox *sandbox = new_sandbox(1);
    CHECK_STR(run(sandbox, "\nerror('message')"), "script.lua:2: message");
    CHECK_STR(run(sandbox, "\nerror('message', 0)"), "script.lua:2: message");
    CHECK_STR(run(sandbox, "local function f()\nerror('message', 2) end\nf()"), "script.lua:3: message");
    CHECK_STR(run(sandbox, "\n\nassert(false)"), "script.lua:3: assertion failed!");
    CHECK_STR(run(sandbox, "\nassert(nil, 'message')"), "script.lua:2: message");
    CHECK_STR(run(sandbox, "('x'):rep({})"), "script.lua:1: bad argument #1 to 'rep' (number expected, got table)");
    CHECK_STR(run(sandbox, "string.rep()"), "script.lua:1: bad argument #1 to 'rep' (string expected, got no value)");
    CHECK_STR(run(sandbox, "x.y = 1"), "script.lua:1: attempt to index a nil value (global 'x')");
    CHECK_STR(run(sandbox, "\ntable.sort({1, 'x'})"), "script.lua:2: attempt to compare string with number");
    CHECK_STR(run(sandbox, "error({ code = 1 })"), "script.lua:1: the error value is: table");
    CHECK_STR(run(sandbox, "error(setmetatable({}, { __tostring = function() return 'mine' end }))"),
              "script.lua:1: the error value is: mine");
    CHECK_STR(run(sandbox, "print('\\27[2J\\7 tab\\t')"), NULL);
    CHECK_STR(output.text, "?[2J? tab\t\n");
    CHECK_STR(run(sandbox, ""), NULL);
    CHECK_EQ(lua_gettop(sandbox_state(sandbox)), 0);
    sandbox_delete(sandbox);
}

// ---- what the API's functions are given

struct thing {
    struct sandbox_object head;
    int number;
};

static int new_thing(lua_State *L) {
    struct thing *thing = sandbox_new_object(L, sizeof *thing, 1);
    thing->number = (int)sandbox_check_integer(L, 1);
    lua_newtable(L);
    lua_pushliteral(L, "thing");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    return 1;
}

static int number_of(lua_State *L) {
    if (lua_type(L, 1) != LUA_TUSERDATA) sandbox_argument_error(L, 1, "a thing is needed");
    const struct thing *thing = lua_touserdata(L, 1);
    if (thing->number == 13) sandbox_error(L, "%d is a bad number (%s)", thing->number, "unlucky");
    lua_pushinteger(L, thing->number);
    return 1;
}

static _Noreturn int busy(lua_State *L) {
    for (;;)
        sandbox_charge(L, 1000);
}

static int line_of(lua_State *L) {
    lua_pushinteger(L, sandbox_line(L));
    return 1;
}

static int define_functions(lua_State *L) {
    CHECK(lua_touserdata(L, 1) == &output);
    lua_register(L, "new_thing", new_thing);
    lua_register(L, "number_of", number_of);
    lua_register(L, "busy", busy);
    lua_register(L, "line_of", line_of);
    return 0;
}

static int restrict_names(lua_State *L) {
    lua_newtable(L);
    lua_getglobal(L, "print");
    lua_setfield(L, -2, "print");
    sandbox_set_environment(L);
    return 0;
}

static void test_functions_of_the_api(void) {
    struct sandbox *sandbox = new_sandbox(1);
    CHECK_STR(sandbox_protect(sandbox, define_functions, &output), NULL);
    CHECK_STR(run(sandbox, "local c, a, b = new_thing(3), new_thing(1), new_thing(2)\n"
                           "local t = { [b] = 1, [a] = 1, [c] = 1, x = 1 }\n"
                           "for k in pairs(t) do print(k == 'x' and k or number_of(k)) end\n"
                           "print(a, getmetatable(a), next({ [a] = 5 }) == a)\n"
                           "print(line_of(), (pcall(setmetatable, a, nil)))"),
              NULL);
    CHECK_STR(output.text, "x\n3\n1\n2\nthing\tfalse\ttrue\n5\tfalse\n");
    CHECK_STR(run(sandbox, "\nlocal t = new_thing(13)\nnumber_of(t)"), "script.lua:3: 13 is a bad number (unlucky)");
    CHECK_STR(run(sandbox, "\npcall(number_of)\nnumber_of(7)"),
              "script.lua:3: bad argument #1 to 'number_of' (a thing is needed)");
    CHECK_STR(run(sandbox, "table.sort({ 1, 2 }, function()\nnumber_of(new_thing(13)) end)"),
              "script.lua:2: 13 is a bad number (unlucky)");
    CHECK_STR(sandbox_protect(sandbox, restrict_names, NULL), NULL);
    CHECK_STR(run(sandbox, "print(x, pairs, print ~= nil) x = 1 print(x)"), NULL);
    CHECK_CONTAINS(output.text, "nil\tnil\ttrue\n1\n");
    sandbox_delete(sandbox);
}

static int push_sorted_keys(lua_State *L) {
    if (luaL_dostring(L, "return { b = 1, a = 1, [3] = 1 }")) lua_error(L);
    sandbox_sorted_keys(L, -1);
    CHECK_EQ(lua_rawlen(L, -1), 3);
    lua_rawgeti(L, -1, 1);
    CHECK_EQ(lua_tointeger(L, -1), 3);
    lua_rawgeti(L, -2, 2);
    CHECK_STR(lua_tostring(L, -1), "a");
    lua_rawgeti(L, -3, 3);
    CHECK_STR(lua_tostring(L, -1), "b");
    return 0;
}

// ---- the budget

static void test_calls(void) {
    struct sandbox *sandbox = new_sandbox(1);
    lua_State *L = sandbox_state(sandbox);
    CHECK_STR(run(sandbox, "function add(a, b) return a + b, 'more' end"), NULL);
    lua_getglobal(L, "add");
    lua_pushinteger(L, 20);
    lua_pushinteger(L, 22);
    CHECK_STR(sandbox_call(sandbox, 2, 1), NULL);
    CHECK_EQ(lua_gettop(L), 1);
    CHECK_EQ(lua_tointeger(L, -1), 42);
    lua_settop(L, 0);
    lua_getglobal(L, "add");
    CHECK_CONTAINS(sandbox_call(sandbox, 0, LUA_MULTRET), "script.lua:1: attempt to perform arithmetic on a nil value");
    CHECK_EQ(lua_gettop(L), 0);
    CHECK_STR(sandbox_protect(sandbox, push_sorted_keys, NULL), NULL);
    sandbox_delete(sandbox);
}

static void test_spent_stays_spent(void) {
    struct sandbox *sandbox = new_sandbox(1);
    lua_State *L = sandbox_state(sandbox);
    CHECK_STR(sandbox_protect(sandbox, define_functions, &output), NULL);
    CHECK_STR(run(sandbox, "function f() end\npcall(pcall, busy)\nprint 'not reached'"),
              "script.lua:2: the script used up its budget of 2 million steps (an endless loop?)");
    CHECK_CONTAINS(run(sandbox, ""), "used up its");
    sandbox_refill(sandbox);
    lua_getglobal(L, "f");
    CHECK_CONTAINS(sandbox_call(sandbox, 0, 0), "used up its budget");
    CHECK_CONTAINS(run(sandbox, "print 'not reached'"), "used up its budget");
    CHECK_STR(output.text, "");
    CHECK_EQ(lua_gettop(L), 0);
    sandbox_delete(sandbox);
}

// What isn't used is saved, up to the whole budget; one evaluation can't have more.
static void test_refill(void) {
    const struct sandbox_limits limits = {.work = 100000, .refill = 2000, .memory = 1 << 20, .string = 1 << 16};
    struct sandbox *sandbox = sandbox_new(&limits, 1);
    lua_State *L = sandbox_state(sandbox);
    CHECK_STR(run(sandbox, "function f(n) for i = 1, n do end end"), NULL);
    const char *error = NULL;
    int calls = 0;
    for (; calls < 1000 && error == NULL; calls++) {
        sandbox_refill(sandbox);
        lua_getglobal(L, "f");
        lua_pushinteger(L, 1000);
        error = sandbox_call(sandbox, 1, 0);
    }
    CHECK_STR(error, NULL);
    for (calls = 0; calls < 1000 && error == NULL; calls++) {
        sandbox_refill(sandbox);
        lua_getglobal(L, "f");
        lua_pushinteger(L, 10000);
        error = sandbox_call(sandbox, 1, 0);
    }
    CHECK_CONTAINS(error, "budget of 100000 steps");
    CHECK(calls > 5 && calls < 20);
    sandbox_delete(sandbox);
}

static void test_limits(void) {
    struct sandbox_limits limits = {.work = 1000000, .refill = 0, .memory = 1 << 20, .string = 1000};
    struct sandbox *sandbox = sandbox_new(&limits, 1);
    CHECK_STR(run(sandbox, "local s = ('x'):rep(1000) assert(not pcall(string.rep, 'x', 1001))"), NULL);
    CHECK_STR(run(sandbox, "local s = ('x'):rep(1000)\nlocal ok, e = pcall(function() return s .. s end)\n"
                           "assert(not ok and e == 'script.lua:2: a string may have at most 1000 bytes', e)"),
              NULL);
    CHECK_STR(run(sandbox, "local t = {}\nfor i = 1, 2000 do t[i] = ('x'):rep(900) .. i end"),
              "script.lua:2: the script used up its memory of 1 MiB (a table or a recursion without an end?)");
    CHECK_CONTAINS(run(sandbox, ""), "used up its");
    sandbox_delete(sandbox);
    limits.memory = 1000;
    CHECK(sandbox_new(&limits, 1) == NULL);
    limits.memory = 1 << 20;
    limits.work = 10;
    CHECK(sandbox_new(&limits, 1) == NULL);
    sandbox_delete(NULL);
}

// What the allocator can't say itself is said with the right line, by the function that was running.
static void test_places_of_refusals(void) {
    const struct sandbox_limits limits = {.work = 1000000, .refill = 0, .memory = 1 << 20, .string = 1000};
    static const struct {
        const char *source, *error;
    } cases[] = {
        {"local function f(t)\nfor i = 1, 1e6 do t[i] = i end\nend\nf({})",
         "script.lua:2: the script used up its memory"},
        {"local t = {}\npcall(pcall, function()\nwhile true do t = { t, t, t } end end)",
         "script.lua:3: the script used up its memory"},
        {"local t = {}\ncoroutine.wrap(function()\nwhile true do t = { t, t, t } end end)()",
         "script.lua:3: the script used up its memory"},
        {"\nlocal function f(k) return 1 + f(k + 1) end\nf(0)", "script.lua:2: the script used up its memory"},
        {"local s = ('x'):rep(900)\nlocal function f() return s .. s end\n\nf()",
         "script.lua:2: a string may have at most 1000 bytes"},
        {"local s = ('x'):rep(900)\nlocal ok, e = pcall(function()\nreturn s .. s end)\nerror(e, 0)",
         "script.lua:3: a string may have at most 1000 bytes"},
        {"local t = {}\nwhile true do t = {} end", "script.lua:2: the script used up its budget"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sandbox *sandbox = sandbox_new(&limits, 1);
        check_about("%s", cases[i].source);
        CHECK_CONTAINS(run(sandbox, cases[i].source), cases[i].error);
        sandbox_delete(sandbox);
    }
    check_about(NULL);
}

// An allocation refused at any point of a script's run is an error, not a crash.
static void test_little_memory(void) {
    static const char source[] =
        "local t = {}\n"
        "for i = 1, 50 do t['key' .. i] = { i, tostring(i), function() return i end } end\n"
        "local co = coroutine.wrap(function() for k, v in pairs(t) do coroutine.yield(k) end end)\n"
        "for i = 1, 50 do pcall(string.format, '%s %5.2f %q', co(), i, 'x') end\n"
        "table.sort({ 5, 3, 1 }) print(('a,b'):gsub(',', { [','] = ';' }))";
    unsigned refused = 0;
    for (size_t memory = 16000; memory < 80000; memory += 160) {
        const struct sandbox_limits limits = {.work = 1000000, .refill = 0, .memory = memory, .string = 1000};
        struct sandbox *sandbox = sandbox_new(&limits, 1);
        if (sandbox == NULL) continue;
        const char *error = run(sandbox, source);
        if (error != NULL) {
            CHECK_CONTAINS(error, "used up its");
            refused++;
        }
        sandbox_delete(sandbox);
    }
    CHECK(refused > 20);
}

int main(void) {
    CHECK_EXPECTATIONS(base);
    CHECK_EXPECTATIONS(strings);
    CHECK_EXPECTATIONS(patterns);
    CHECK_EXPECTATIONS(tables);
    CHECK_EXPECTATIONS(numbers);
    CHECK_EXPECTATIONS(utf8);
    CHECK_EXPECTATIONS(coroutines);
    CHECK_EXPECTATIONS(differences);
    test_order_of_pairs();
    test_luck();
    test_sort_is_stable();
    test_hostile_files();
    test_hostile_compilation();
    test_what_is_no_script();
    test_places_of_errors();
    test_functions_of_the_api();
    test_calls();
    test_spent_stays_spent();
    test_refill();
    test_limits();
    test_places_of_refusals();
    test_little_memory();
    return check_result();
}
