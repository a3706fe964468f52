-- expect: 'os'
-- No way out.
os.execute('true')
