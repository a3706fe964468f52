-- expect: 'debug'
-- No looking behind.
debug.getregistry()
