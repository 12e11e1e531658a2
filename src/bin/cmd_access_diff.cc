#include <array>
#include <filesystem>
#include <memory>

#include "access/difference.h"
#include "base/text.h"
#include "bin/access_subject.h"
#include "bin/commands.h"
#include "bin/display.h"
#include "report/access_report.h"

namespace sshkeep::bin {
namespace {

constexpr std::uint64_t saved_list_limit = 64U << 20U;  ///< of ten thousand accounts it has some ten MiB

struct DiffOptions {
    std::string root;
    std::array<std::string, 2> sides;
    bool fail_on_loss = false;
    Display display;
};

bool is_directory(const std::string& path) {
    std::error_code error;
    return std::filesystem::is_directory(path, error);
}

Result<std::vector<access::Path>> observed_paths(const HostOptions& host) {
    const auto subject = TRY(Subject::observe(host));
    return report::as_saved(TRY(subject->model().paths({})));
}

/// A tree, a saved listing, or a configuration for the host or for the tree of --root.
Result<std::vector<access::Path>> paths_of(const std::string& side, const std::string& root) {
    if (is_directory(side)) {
        return observed_paths({.root = side});
    }
    const auto bytes = read_named_file(side, saved_list_limit);
    if (bytes && trim(*bytes).starts_with('{')) {
        return report::parse_access_list(*bytes);
    }
    return observed_paths({.root = root, .config = side});
}

Result<std::vector<access::Path>> told_paths_of(const std::string& side, const std::string& root) {
    auto paths = paths_of(side, root);
    if (!paths) {
        return std::unexpected(std::move(paths).error().in(side));
    }
    return paths;
}

Result<ExitCode> run_diff(const DiffOptions& options) {
    const auto before = TRY(told_paths_of(options.sides[0], options.root));
    const auto after = TRY(told_paths_of(options.sides[1], options.root));
    const auto difference = access::compare(before, after);
    const bool json = options.display.kind() == Format::json;
    TRY(write_output(json ? report::render_access_difference_json(difference)
                          : report::render_access_difference(difference, options.display.text_options()),
                     options.display.output));
    return options.fail_on_loss && !difference.lost.empty() ? ExitCode::findings : ExitCode::done;
}

}  // namespace

void add_access_diff(CLI::App& access, ExitCode& status) {
    auto options = std::make_shared<DiffOptions>();
    auto* command = access.add_subcommand("diff", "Say what ways in are lost and gained from A to B");
    command->add_option("A", options->sides[0], "A tree, an sshd_config, or a saved list: how it was")
        ->required()
        ->option_text("A");
    command->add_option("B", options->sides[1], "The same: how it is or will be")->required()->option_text("B");
    command->add_option("--root", options->root, "Judge an sshd_config with the accounts and keys below DIR")
        ->option_text("DIR");
    command->add_flag("--fail-on-loss", options->fail_on_loss, "Exit with 1 when a way in is lost");
    add_display(*command, options->display, {"text", "json"});
    command->footer(
        "Examples:\n"
        "  sshkeep access diff /etc/ssh/sshd_config new_sshd_config\n"
        "  sshkeep access diff /mnt/yesterday /mnt/today\n"
        "  sshkeep access diff before.json after.json --fail-on-loss\n"
        "\n"
        "Exit status: 0 done; 1 a way in is lost, with --fail-on-loss; 2 wrong usage or input; 3 failed.");
    command->callback([options, &status] { status = finish([&] { return run_diff(*options); }); });
}

}  // namespace sshkeep::bin
