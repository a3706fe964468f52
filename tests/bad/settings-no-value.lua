-- expect: settings: set: 'loss' is no setting; write "name=value"
settings { set = { "loss" } }
