-- expect: 'load'
-- Nothing turns text into code, let alone bytecode.
load('\27Lua\x54\0')()
