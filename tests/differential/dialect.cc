#include "dialect.h"

#include "base/text.h"
#include "sandbox.h"

namespace sshkeep::differential {
namespace {

Result<std::vector<std::string>> query(const std::string& what) {
    const Ran ran = TRY(run({"/usr/bin/ssh", "-Q", what}));
    std::vector<std::string> names;
    for (const std::string_view line : split(ran.out, '\n')) {
        // Newer ones also list a name without its version, which no option takes.
        if (!line.empty() && !line.ends_with("-cert")) {
            names.emplace_back(line);
        }
    }
    if (ran.status != 0 || names.empty()) {
        return fail(ErrorCode::io, "ssh -Q " + what + ": " + ran.err);
    }
    return names;
}

}  // namespace

Result<Dialect> read_dialect(const OpensshVersion& version) {
    Dialect dialect;
    dialect.release = version.major * 100 + version.minor;
    dialect.ciphers = TRY(query("cipher"));
    dialect.macs = TRY(query("mac"));
    dialect.kex = TRY(query("kex"));
    dialect.signatures = TRY(query("key-sig"));
    return dialect;
}

}  // namespace sshkeep::differential
