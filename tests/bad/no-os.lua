-- expect: there is no 'os' in a scenario
os.exit(0)
