-- expect: no order for a key that is a thread
-- Their order would be that of addresses.
next { [coroutine.create(print)] = 1 }
