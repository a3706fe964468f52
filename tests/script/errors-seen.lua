local a, b = host "a", host "b"
link(a, b)
local _, seen = pcall(host, 5)
a:runs {
  note(seen),
  function (w)
    local _, again = pcall(function () return w.a.acepted end)
    error(again, 0)
  end,
}
