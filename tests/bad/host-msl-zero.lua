-- expect: host "a": msl is above 0, such as 30 * s; to do without TIME-WAIT write without = "time-wait"
host "a" { msl = 0 }
