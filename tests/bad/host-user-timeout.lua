-- expect: host "a": user_timeout is whole milliseconds; 0 switches it off
host "a" { user_timeout = 500 * us }
