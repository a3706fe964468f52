-- expect: settings: set is "loss=0.1"; it must be a list of strings
settings { set = "loss=0.1" }
