#include "bin/host_options.h"

#include <unistd.h>

#include <ctime>

#include "bin/cli_support.h"
#include "host/host_factory.h"

namespace sshkeep::bin {

Result<std::unique_ptr<ports::Host>> HostOptions::open() const {
    return root.empty() ? host::make_local_host() : host::make_tree_host(TRY(absolute_path(root)));
}

Result<app::ObserveOptions> HostOptions::observe_options() const {
    app::ObserveOptions options;
    options.now = std::time(nullptr);
    options.observer_uid = ::geteuid();
    if (!root.empty()) {
        options.root = TRY(absolute_path(root));
    }
    if (!root.empty() && !config.empty() && !config.starts_with('/')) {
        return fail(ErrorCode::invalid, "with --root, -f names a file inside the tree and starts with /");
    }
    if (!config.empty()) {
        options.config_path = TRY(absolute_path(config));
    }
    return options;
}

void add_host_options(CLI::App& command, HostOptions& options) {
    command.add_option("--root", options.root, "Look at the tree below DIR (an image, a mounted disk, a backup)")
        ->option_text("DIR");
    command.add_option("-f,--config", options.config, "Main configuration file [/etc/ssh/sshd_config]")
        ->option_text("FILE");
}

}  // namespace sshkeep::bin
