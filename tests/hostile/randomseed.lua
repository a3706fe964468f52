-- expect: the seed is that of the run
-- Another seed.
math.randomseed(1)
