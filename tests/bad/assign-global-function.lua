-- expect: 'visit' is not declared; write local function visit
function visit() end
