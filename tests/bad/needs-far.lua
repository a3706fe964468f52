-- expect: scenario: needs: no rule 'xyzzy'
scenario { title = "t", needs = { "time-wait", "xyzzy" } }
