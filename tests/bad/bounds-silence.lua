-- expect: long_silence
scenario { title = "t", bounds = { long_silence = 1 } }
