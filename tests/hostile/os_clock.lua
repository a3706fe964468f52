-- expect: 'os'
-- No clock.
print(os.clock())
