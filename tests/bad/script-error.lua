-- expect: nothing to do here
error("nothing to do here")
