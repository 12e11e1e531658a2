#include "bin/diagnostics.h"

#include "bin/cli_support.h"
#include "report/config_report.h"

namespace sshkeep::bin {

bool tell_diagnostics(const sshdconf::Config& config) {
    bool starts = true;
    for (const auto& diagnostic : config.diagnostics) {
        complain(report::render_diagnostic(config, diagnostic));
        starts = starts && diagnostic.kind != sshdconf::Diagnostic::Kind::fatal;
    }
    return starts;
}

}  // namespace sshkeep::bin
