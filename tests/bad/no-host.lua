-- expect: there is no host in this scenario; write local client = host "client"
scenario { title = "t" }
