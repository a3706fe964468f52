local a, b = host "a", host "b"
link(a, b)
a:runs { function (w) a:runs { note "again" } end }
