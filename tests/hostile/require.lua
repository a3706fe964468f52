-- expect: 'require'
-- No modules.
require('os')
