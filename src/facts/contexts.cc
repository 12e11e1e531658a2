#include "facts/contexts.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/escape.h"

namespace sshkeep::facts {
namespace {

/// TEST-NET-2 (RFC 5737): an address that no configuration treats in a special way. Without UseDNS, and where a client
/// has no name, sshd takes the address for the host name.
constexpr const char* unremarkable_address = "198.51.100.77";
constexpr const char* stranger_name = "nobody-such";
constexpr const char* somebody_name = "somebody";  ///< for a Match block that asks for no user

sshdconf::Connection connection_from_afar(std::string user, std::vector<std::string> groups) {
    return {.user = std::move(user),
            .groups = std::move(groups),
            .host = unremarkable_address,
            .address = unremarkable_address};
}

/// Collects connections; those with an equal Match outcome share a Context. What comes when there are `most` is left
/// out.
class Contexts {
public:
    Contexts(sshdconf::Evaluator& evaluator, std::size_t most) : evaluator_(evaluator), most_(most) {}

    /// Valid until the next call; nullptr for what is left out.
    Context* add(const sshdconf::Connection& connection) {
        auto outcome = evaluator_.outcome(connection);
        const auto known = index_.find(outcome.effective);
        if (known != index_.end()) {
            return &contexts_[known->second];
        }
        if (is_full()) {
            leave_out();
            return nullptr;
        }
        index_.emplace(outcome.effective, contexts_.size());
        contexts_.push_back(
            {.connection = connection, .blocks = std::move(outcome.blocks), .effective = outcome.effective});
        return &contexts_.back();
    }

    void leave_out() { complete_ = false; }
    [[nodiscard]] bool is_full() const { return contexts_.size() >= most_; }
    std::vector<Context>& all() { return contexts_; }

    /// Of what was left out nothing is known, and rules have to say so.
    void add_rest() {
        if (complete_) {
            return;
        }
        const std::string first = "the first " + std::to_string(most_) + " kinds of connections";
        contexts_.push_back({.label = "what lies beyond " + first,
                             .connection = {.user = somebody_name},
                             .effective = &evaluator_.unknown("only " + first + " are looked at")});
    }

private:
    sshdconf::Evaluator& evaluator_;
    std::size_t most_;
    std::vector<Context> contexts_;
    std::unordered_map<const sshdconf::Effective*, std::size_t> index_;
    bool complete_ = true;
};

/// The sample with what its block does not ask for filled in: the groups of an account that exists, an unremarkable
/// address, some user. What would spoil the match is left as the sample has it.
sshdconf::Connection completed(const sshdconf::Connection& sample, std::uint32_t block,
                               const sshdconf::Evaluator& evaluator,
                               const std::unordered_map<std::string_view, const Account*>& accounts) {
    auto connection = sample;
    const auto keep_if_matching = [&](sshdconf::Connection candidate) {
        if (evaluator.matches(block, candidate) != sshdconf::Tri::no) {
            connection = std::move(candidate);
        }
    };
    auto candidate = connection;
    if (!candidate.address) {
        candidate.address = unremarkable_address;
    }
    if (!candidate.host) {
        candidate.host = candidate.address;
    }
    keep_if_matching(std::move(candidate));
    candidate = connection;
    if (!candidate.user) {
        candidate.user = somebody_name;
    }
    const auto account = accounts.find(*candidate.user);
    if (account != accounts.end() && candidate.user_exists) {
        candidate.groups = account->second->groups;
    }
    keep_if_matching(std::move(candidate));
    return connection;
}

/// "user alice", "users alice, bob and carol", "users alice, bob and 37 more".
std::string label_of_accounts(const std::vector<std::string>& accounts) {
    constexpr std::size_t most_named = 3;
    const auto name = [&](std::size_t i) { return escape_for_terminal(accounts[i], 64); };
    if (accounts.size() == 1) {
        return "user " + name(0);
    }
    const auto named = accounts.size() <= most_named ? accounts.size() - 1 : most_named - 1;
    std::string label = "users " + name(0);
    for (std::size_t i = 1; i < named; ++i) {
        label += ", " + name(i);
    }
    const auto rest = accounts.size() - named;
    return label + " and " + (rest == 1 ? name(named) : std::to_string(rest) + " more");
}

/// Blocks that apply to every context tell nothing apart.
std::vector<std::uint32_t> common_blocks(const std::vector<Context>& contexts) {
    auto common = contexts.front().blocks;
    for (const auto& context : contexts) {
        std::erase_if(common, [&](std::uint32_t block) { return !std::ranges::binary_search(context.blocks, block); });
    }
    return common;
}

std::string label_of(const Context& context, bool with_stranger, const sshdconf::Config& config,
                     const std::vector<std::uint32_t>& common) {
    constexpr std::size_t most_blocks = 3;
    std::string label;
    std::size_t named = 0;
    for (const auto block : context.blocks) {
        if (std::ranges::binary_search(common, block)) {
            continue;
        }
        if (++named > most_blocks) {
            return label + " and further blocks";
        }
        label += label.empty() ? "Match " : " + Match ";
        label += escape_for_terminal(config.blocks[block].condition, 120);
    }
    if (!label.empty()) {
        return label;
    }
    if (with_stranger || context.accounts.empty()) {
        return "every other connection";
    }
    return label_of_accounts(context.accounts);
}

/// Two contexts can have equal labels where the outcome of a block is unknown; the accounts tell them apart.
void label_all(std::vector<Context>& contexts, const sshdconf::Config& config) {
    if (contexts.size() == 1) {
        contexts.front().label = "every connection";
        return;
    }
    const auto common = common_blocks(contexts);
    std::unordered_map<std::string, unsigned> seen;
    for (auto& context : contexts) {
        context.label = label_of(context, &context == contexts.data(), config, common);
        if (seen[context.label]++ > 0) {
            context.label += context.accounts.empty() ? " (" + std::to_string(seen[context.label]) + ")"
                                                      : ", " + label_of_accounts(context.accounts);
        }
    }
}

}  // namespace

sshdconf::Connection connection_of(const Account& account) {
    return connection_from_afar(account.name, account.groups);
}

std::vector<Context> contexts_of(const HostFacts& facts, sshdconf::Evaluator& evaluator, std::size_t most) {
    if (!facts.config) {
        return {};
    }
    const auto& config = *facts.config;
    Contexts contexts(evaluator, most);
    auto stranger = connection_from_afar(stranger_name, {});
    stranger.user_exists = false;
    contexts.add(stranger);

    std::unordered_map<std::string_view, const Account*> accounts;
    if (facts.accounts) {
        for (const auto& account : *facts.accounts) {
            accounts.try_emplace(account.name, &account);
        }
    }
    if (const auto root = accounts.find("root"); root != accounts.end()) {
        contexts.add(connection_of(*root->second));
    } else {
        contexts.add(connection_from_afar("root", {"root"}));
    }
    if (facts.accounts) {
        for (const auto& account : *facts.accounts) {
            if (Context* context = contexts.add(connection_of(account))) {
                context->accounts.push_back(account.name);
            }
        }
    }
    const auto block_count = static_cast<std::uint32_t>(config.blocks.size());
    for (std::uint32_t block = 1; block < block_count; ++block) {
        if (contexts.is_full()) {
            contexts.leave_out();
            break;
        }
        if (const auto sample = sshdconf::sample_connection(config, block)) {
            contexts.add(completed(*sample, block, evaluator, accounts));
        }
    }
    label_all(contexts.all(), config);
    contexts.add_rest();
    return std::move(contexts.all());
}

}  // namespace sshkeep::facts
