-- expect: unfinished long string
-- A text that ends in the middle.
return [==[ ]=]
