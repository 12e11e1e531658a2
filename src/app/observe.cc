#include "app/observe.h"

#include <utility>

#include "app/collect.h"
#include "app/config_source.h"

namespace sshkeep::app {
namespace {

/// A configuration without a line, for what sshd's defaults name when there is no configuration to read.
class NoConfiguration final : public sshdconf::FileSource {
public:
    Result<std::string> read(const std::string& /*path*/) override { return std::string{}; }
    Result<std::vector<std::string>> glob(const std::string& /*pattern*/) override {
        return std::vector<std::string>{};
    }
};

Result<sshdconf::Config> default_config(const sshdconf::Build& build) {
    NoConfiguration nothing;
    return sshdconf::parse_config("/etc/ssh/sshd_config", nothing, build);
}

void collect_configured(Collection& collection, const sshdconf::Config& config,
                        const std::vector<sshdconf::Connection>& origins) {
    sshdconf::Evaluator evaluator(config);
    Views views(config, evaluator, origins);
    const auto& global = *views.all(collection.facts).front();
    collect_authorized_keys(collection, views);
    collect_host_keys(collection, global);
    collect_named_paths(collection, views);
    collect_moduli(collection, global);
    collect_pam(collection, global);
}

}  // namespace

Result<std::optional<std::string>> read_small_file(ports::Host& host, const std::string& path, std::uint64_t limit) {
    auto file = host.read_file(path, ports::Links::follow, limit);
    if (file) {
        return std::move(file->bytes);
    }
    if (file.error().code == ErrorCode::not_found) {
        return std::nullopt;
    }
    return std::unexpected(std::move(file).error());
}

void collect_config(Collection& collection, const std::string& path) {
    auto& facts = collection.facts;
    ConfigSource source(collection.host);
    facts.config = sshdconf::parse_config(path, source, facts.build);
    std::vector<std::string> named{path};
    if (facts.config) {
        for (std::size_t i = 1; i < facts.config->files.size(); ++i) {
            named.push_back(facts.config->files[i].path);
        }
    }
    named.insert(named.end(), source.glob_directories().begin(), source.glob_directories().end());
    for (const auto& name : named) {
        if (auto walk = collection.paths.walk(name)) {
            facts.config_paths.push_back(*std::move(walk));
        }
    }
}

facts::HostFacts observe(ports::Host& host, const ObserveOptions& options) {
    Collection collection{.host = host};
    auto& facts = collection.facts;
    facts.root = options.root;
    facts.running = host.running();
    facts.observed_at = options.now;
    facts.observer_uid = options.observer_uid;

    collect_system(collection);
    collect_config(collection, options.config_path);
    collect_accounts(collection);
    collect_homes(collection);
    if (facts.config) {
        collect_configured(collection, *facts.config, options.origins);
    } else if (const auto defaults = default_config(facts.build)) {
        collect_configured(collection, *defaults, options.origins);
    }
    collect_access(collection);
    collect_listeners(collection);
    collect_units(collection);
    collect_other_files(collection);
    return std::move(collection.facts);
}

}  // namespace sshkeep::app
