-- expect: 'collectgarbage'
-- How much memory is used is nobody's business.
print(collectgarbage('count'))
