-- expect: scenario: wireshark says no completeness; write
scenario { title = "t", wireshark = {} }
