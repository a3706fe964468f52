local a, b = host "a", host "b"
link(a, b)
a:runs { function (w) host "z" end }
