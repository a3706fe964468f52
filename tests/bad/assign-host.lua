-- expect: 'host' belongs to synfin
function host() end
