-- expect: 'string' belongs to synfin
string = nil
