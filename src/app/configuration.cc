#include "app/configuration.h"

#include "app/collect.h"

namespace sshkeep::app {

facts::HostFacts observe_configuration(ports::Host& host, const ConfigurationOptions& options) {
    Collection collection{.host = host};
    collection.facts.running = host.running();
    collect_system(collection);
    if (options.build) {
        collection.facts.build = *options.build;
    }
    collect_config(collection, options.config_path);
    if (options.accounts) {
        collect_accounts(collection);
    }
    return std::move(collection.facts);
}

}  // namespace sshkeep::app
