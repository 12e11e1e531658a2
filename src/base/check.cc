#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sshkeep::detail {

void check_failed(const char* condition, const char* file, int line) noexcept {
    (void)std::fprintf(stderr, "sshkeep: internal error at %s:%d: %s\n", file, line, condition);
    std::abort();
}

}  // namespace sshkeep::detail
