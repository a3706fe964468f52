-- expect: 3: the host 'client' is in no variable; write local client = host "client"
host "client"
client:runs { sleep(1) }
