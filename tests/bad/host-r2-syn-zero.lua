-- expect: host "a": r2 and r2_syn are above 0
host "a" { r2_syn = 0 }
