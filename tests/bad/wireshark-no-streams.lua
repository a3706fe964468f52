-- expect: scenario: wireshark: completeness names no host
scenario { title = "t", wireshark = { completeness = {} } }
