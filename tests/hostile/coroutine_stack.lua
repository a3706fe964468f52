-- expect: C stack overflow
-- Each resume inside of the last.
local function deeper()
  local ok, message = coroutine.resume(coroutine.create(deeper))
  error(message, 0)
end
deeper()
