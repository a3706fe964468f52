// What a test may know of the other TCP (other_tcp.c), an implementation of core/tcp.h that is not core.
#ifndef TESTS_OTHER_TCP_H
#define TESTS_OTHER_TCP_H

enum { OTHER_TCP_ISS = 7000 };  // each end's, whatever its host proposes: so a test sees which TCP ran

#endif
