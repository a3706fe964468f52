-- expect: host "a": challenge_interval is above 0, such as 5 * s
host "a" { challenge_interval = 0 }
