-- expect: 'ms' belongs to synfin and can't be assigned
ms = 5
