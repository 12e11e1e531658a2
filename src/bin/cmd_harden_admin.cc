// sshkeep harden admin
#include "app/admin_account.h"
#include "base/text.h"
#include "bin/harden_support.h"
#include "bin/host_options.h"

namespace sshkeep::bin {
namespace {

struct AdminCommand {
    std::string name;
    std::vector<std::string> key_files;
    bool copy_root_keys = false;
};

Result<ExitCode> run_admin(const AdminCommand& options) {
    app::AdminRequest request{.name = options.name, .keys = {}};
    for (const auto& path : options.key_files) {
        const auto text = TRY(read_named_file(path));
        for (const auto line : split(text, '\n')) {
            if (const auto key = trim(line); !key.empty() && !key.starts_with('#')) {
                request.keys.emplace_back(key);
            }
        }
    }
    auto world = TRY(ChangeWorld::open(false));
    const HostOptions here;
    const auto host = TRY(here.open());
    const auto facts = app::observe(*host, TRY(here.observe_options()));
    const auto opened = world->world();
    if (options.copy_root_keys) {
        const auto keys = app::keys_of_root(facts, opened.files);
        request.keys.insert(request.keys.end(), keys.begin(), keys.end());
    }
    if (request.keys.empty()) {
        return fail(ErrorCode::invalid, "an administrator needs a key: --key FILE or --copy-root-keys");
    }
    const auto done = TRY(app::make_admin_account(facts, request, opened));
    for (const auto& sentence : done) {
        TRY(write_output(sentence + "\n"));
    }
    TRY(write_output(done.empty() ? options.name + " has all of that already\n"
                                  : "try it: ssh " + options.name + "@this-host sudo id\n"));
    return ExitCode::done;
}

}  // namespace

void add_harden_admin(CLI::App& harden, ExitCode& status) {
    auto options = std::make_shared<AdminCommand>();
    auto* command = harden.add_subcommand("admin", "Make an administrative account, to be used before root is closed");
    command->add_option("account", options->name, "Its name")->required()->option_text("ACCOUNT");
    command->add_option("--key", options->key_files, "A public key for it; may be given again")->option_text("FILE");
    command->add_flag("--copy-root-keys", options->copy_root_keys, "Give it every key that opens root now");
    command->footer(
        "Example:\n"
        "  sshkeep harden admin alice --copy-root-keys\n"
        "  sshkeep harden apply --set PermitRootLogin=no");
    command->callback([options, &status] { status = finish([&] { return run_admin(*options); }); });
}

}  // namespace sshkeep::bin
