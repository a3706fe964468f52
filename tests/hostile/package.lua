-- expect: 'package'
-- No C modules.
package.loadlib('libc.so.6', '*')
