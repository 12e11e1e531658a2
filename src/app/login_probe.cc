#include "app/login_probe.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include <fmt/format.h>

#include "app/overlay_host.h"
#include "base/text.h"

namespace sshkeep::app {
namespace {

constexpr std::uint64_t file_limit = 8ULL << 20U;
constexpr const char* key_types[] = {"ed25519", "ecdsa", "rsa"};

std::string first_line(std::string text) {
    text.erase(std::min(text.find('\n'), text.size()));
    return text;
}

/// authorized_keys takes a day in the host's zone: two days ahead is at least one everywhere.
std::string expiry_of(std::int64_t now) {
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(now)));
    const std::chrono::year_month_day date(day + std::chrono::days(2));
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

/// Makes a key pair and gives the public line "TYPE BASE64".
Result<std::string> make_key(const transaction::World& world, const std::string& path, const std::string& type) {
    for (const auto& old : {path, path + ".pub"}) {
        TRY(world.files.remove(old));
    }
    const auto made = TRY(world.commands.run({.argv = {"ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", path},
                                              .timeout = std::chrono::seconds(60)}));
    if (made.status != 0) {
        return fail(ErrorCode::io, "ssh-keygen -t " + type + ": " + first_line(made.errors));
    }
    const auto line = first_line(TRY(world.files.read(path + ".pub")));
    const auto parts = split_words(line);
    if (parts.size() < 2) {
        return fail(ErrorCode::io, "ssh-keygen wrote no public key");
    }
    return std::string(parts[0]) + " " + std::string(parts[1]);
}

struct Candidate {
    const facts::Account* account = nullptr;
    const facts::AuthorizedKeysFile* file = nullptr;
};

/// Operator first, then administrators, then whoever else has a key file.
std::vector<Candidate> candidates_of(const HardenPlan& plan, const HardenRequest& request) {
    std::vector<std::pair<int, Candidate>> ranked;
    const auto& facts = plan.after->facts;
    for (const auto& file : facts.authorized_keys) {
        const auto account = std::ranges::find(*facts.accounts, file.account, &facts::Account::name);
        if (account == facts.accounts->end() || !file.walk || !file.entries || !file.shared_with.empty()) {
            continue;
        }
        const bool is_operator = request.by && request.by->user == account->name;
        const bool administers = plan.after->model->power_of(*account).administers();
        ranked.emplace_back((is_operator   ? 0
                             : administers ? 1
                                           : 2) +
                                (file.walk->exists() ? 0 : 3),
                            Candidate{&*account, &file});
    }
    std::ranges::stable_sort(ranked, {}, &std::pair<int, Candidate>::first);
    constexpr std::size_t most = 8;
    std::vector<Candidate> candidates;
    for (const auto& [rank, candidate] : ranked) {
        if (candidates.size() < most) {
            candidates.push_back(candidate);
        }
    }
    return candidates;
}

/// Whose rights are needed to write the file: root's where nobody else can touch it or its directories.
ports::AccountIdentity writer_of(const Candidate& candidate) {
    const auto& steps = candidate.file->walk->steps;
    constexpr std::uint32_t others = 022;
    const bool of_root = std::ranges::all_of(steps, [](const facts::PathInfo& step) {
        return !step.exists || (step.uid == 0 && (step.mode & others) == 0);
    });
    return of_root ? ports::AccountIdentity{"root", 0, 0}
                   : ports::AccountIdentity{candidate.account->name, candidate.account->uid, candidate.account->gid};
}

std::string path_of(const Candidate& candidate) {
    return candidate.file->walk->exists() ? candidate.file->walk->steps.front().path : candidate.file->walk->named;
}

/// What the model says of a login with the key in place.
Result<access::Decision> predict(ports::Host& host, const HardenPlan& plan, const HardenRequest& request,
                                 const Candidate& candidate, const std::string& line, const Endpoint& endpoint,
                                 const std::string& key) {
    OverlayHost overlay(host);
    for (const auto& change : plan.plan.changes) {
        TRY(overlay.put(change.path, change.after, change.mode));
    }
    const auto path = path_of(candidate);
    const auto present = overlay.read_file(path, ports::Links::follow, file_limit);
    auto bytes = present ? present->bytes : std::string();
    bytes += (bytes.empty() || bytes.ends_with('\n') ? "" : "\n") + line + "\n";
    TRY(overlay.put(path, bytes, 0600, candidate.account->uid, candidate.account->gid));
    const HardenPlan::View view(observe(overlay, request.observe), request.observe.now);
    if (!view.model) {
        return fail(ErrorCode::io, "the planned configuration cannot be read");
    }
    access::Visitor visitor{.user = candidate.account->name,
                            .address = endpoint.address,
                            .host_name = {},
                            .local_address = endpoint.address,
                            .local_port = endpoint.port};
    visitor.keys.push_back(TRY(keyfmt::parse_public_key_line(key)).key);
    visitor.password = true;
    return view.model->check(visitor);
}

std::vector<std::string> host_keys_of(const facts::HostFacts& facts, const transaction::World& world) {
    std::vector<std::string> lines;
    for (const auto& key : facts.host_keys) {
        if (auto text = world.files.read(key.path + ".pub")) {
            const auto line = first_line(*std::move(text));
            const auto words = split_words(line);
            if (words.size() >= 2) {
                lines.push_back(std::string(words[0]) + " " + std::string(words[1]));
            }
        }
    }
    return lines;
}

struct Choice {
    Candidate candidate;
    Endpoint endpoint;
    access::Decision decision;
    std::string line;
};

std::string line_of(const HardenPlan& plan, const HardenRequest& request, const std::vector<Endpoint>& endpoints,
                    const std::string& word, const std::string& key) {
    std::string from = "127.0.0.1,::1";
    for (const auto& endpoint : endpoints) {
        if (endpoint.address != "127.0.0.1" && endpoint.address != "::1") {
            from += "," + endpoint.address;
        }
    }
    constexpr OpensshVersion first_with_expiry{7, 7, 0};
    const auto expiry = plan.after->facts.build.version < first_with_expiry
                            ? std::string()
                            : fmt::format("expiry-time=\"{}\",", expiry_of(request.observe.now));
    return fmt::format("restrict,from=\"{}\",{}command=\"echo {}\" {} sshkeep login test", from, expiry, word, key);
}

/// The first account and address for which the model says that the key opens.
Result<std::optional<Choice>> choose(ports::Host& host, const HardenPlan& plan, const HardenRequest& request,
                                     const std::string& key, const std::string& word,
                                     const std::vector<Endpoint>& endpoints, std::string& why) {
    const auto line = line_of(plan, request, endpoints, word, key);
    for (const auto& candidate : candidates_of(plan, request)) {
        for (const auto& endpoint : endpoints) {
            auto decision = TRY(predict(host, plan, request, candidate, line, endpoint, key));
            const bool by_key = !decision.methods.empty() && decision.methods[0] == "publickey";
            if (decision.answer == access::Answer::admitted && by_key && decision.session) {
                return Choice{candidate, endpoint, std::move(decision), line};
            }
            if (why.empty() && !decision.reasons.empty()) {
                why = candidate.account->name + " from " + endpoint.address + ": " + decision.reasons.back().text;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

/// "192.0.2.1:22", "[::]:22", as sshd -T prints them.
static std::optional<Endpoint> parse_endpoint(std::string_view value) {
    const auto colon = value.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto port = parse_uint(value.substr(colon + 1));
    auto address = value.substr(0, colon);
    if (!port || *port > std::numeric_limits<std::uint16_t>::max()) {
        return std::nullopt;
    }
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    }
    return Endpoint{std::string(address), static_cast<std::uint16_t>(*port)};
}

std::vector<Endpoint> planned_endpoints(const HardenPlan& plan) {
    std::vector<Endpoint> endpoints;
    const auto add = [&](std::string address, std::uint16_t port) {
        address = address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
        endpoints.push_back({std::move(address), port});
    };
    const auto& facts = plan.after->facts;
    if (plan.service.unit.empty() && facts.listeners) {
        // Somebody else listens for sshd: socket activation.
        for (const auto& listener : *facts.listeners) {
            if (listener.process == "systemd") {
                add(listener.address, listener.port);
            }
        }
    } else if (const auto* listen = plan.after->evaluator->at({}).find("listenaddress")) {
        for (const auto& value : listen->values) {
            if (auto endpoint = parse_endpoint(value)) {
                add(std::move(endpoint->address), endpoint->port);
            }
        }
    }
    // Loopback first, IPv4 before IPv6.
    std::ranges::stable_sort(endpoints, {}, [](const Endpoint& endpoint) {
        return endpoint.address == "127.0.0.1" ? 0 : endpoint.address == "::1" ? 1 : 2;
    });
    return endpoints;
}

Result<std::optional<LoginProbe>> prepare_login_probe(ports::Host& host, const HardenPlan& plan,
                                                      const HardenRequest& request, const transaction::World& world,
                                                      const std::string& directory, std::vector<std::string>& notes) {
    LoginProbe probe;
    probe.private_key = directory + "/key";
    const auto endpoints = planned_endpoints(plan);
    const auto digits = std::to_string(world.now() % 1'000'000'007);
    const auto word = "sshkeep-login-test-" + digits;
    std::string why;
    for (const auto* type : key_types) {
        auto key = make_key(world, probe.private_key, type);
        if (!key) {
            why = key.error().message;
            continue;
        }
        auto choice = TRY(choose(host, plan, request, *key, word, endpoints, why));
        if (!choice) {
            continue;
        }
        auto line = world.account_files.prepare(writer_of(choice->candidate), path_of(choice->candidate), choice->line);
        if (!line) {
            why = line.error().message;
            continue;
        }
        probe.line = *std::move(line);
        probe.login = choice->candidate.account->name;
        probe.address = choice->endpoint.address;
        probe.port = choice->endpoint.port;
        probe.partial = choice->decision.methods.size() > 1;
        probe.word = choice->decision.session->command == "echo " + word ? word : "";
        probe.host_keys = host_keys_of(plan.after->facts, world);
        return probe;
    }
    notes.push_back("No login can be tried from this host itself (" +
                    (why.empty() ? "no account has a key file" : why) +
                    "): only your new connection will prove that logins work.");
    return std::nullopt;
}

Result<void> try_login(const LoginProbe& probe, const transaction::World& world, const std::string& address,
                       std::uint16_t port) {
    const auto directory = probe.private_key.substr(0, probe.private_key.rfind('/'));
    std::string known;
    for (const auto& key : probe.host_keys) {
        known += "sshkeep-login-test " + key + "\n";
    }
    TRY(world.files.write(directory + "/known_hosts", known, ports::Attributes{.mode = 0600}));
    const auto result = TRY(world.commands.run({.argv = {"ssh",
                                                         "-v",
                                                         "-T",
                                                         "-F",
                                                         "none",
                                                         "-i",
                                                         probe.private_key,
                                                         "-p",
                                                         std::to_string(port),
                                                         "-l",
                                                         probe.login,
                                                         "-o",
                                                         "IdentitiesOnly=yes",
                                                         "-o",
                                                         "IdentityAgent=none",
                                                         "-o",
                                                         "BatchMode=yes",
                                                         "-o",
                                                         "PreferredAuthentications=publickey",
                                                         "-o",
                                                         "HostKeyAlias=sshkeep-login-test",
                                                         "-o",
                                                         "StrictHostKeyChecking=yes",
                                                         "-o",
                                                         "UserKnownHostsFile=" + directory + "/known_hosts",
                                                         "-o",
                                                         "GlobalKnownHostsFile=none",
                                                         "-o",
                                                         "UpdateHostKeys=no",
                                                         "-o",
                                                         "ControlPath=none",
                                                         "-o",
                                                         "ConnectTimeout=10",
                                                         address,
                                                         "true"},
                                                .timeout = std::chrono::seconds(25)}));
    const bool accepted = result.errors.contains(probe.partial ? "with partial success" : "Authenticated to ");
    const bool printed = probe.partial || probe.word.empty() || result.output.contains(probe.word);
    if (accepted && printed) {
        return {};
    }
    std::string last;
    for (const auto line : split(result.errors, '\n')) {
        if (!line.empty() && !line.starts_with("debug") && !line.starts_with("OpenSSH")) {
            last = trim(line);
        }
    }
    return fail(ErrorCode::io,
                fmt::format("{} cannot log in at {} port {}: {}", probe.login, address, port,
                            last.empty() ? "ssh ended with status " + std::to_string(result.status) : last));
}

void forget_login_probe(const transaction::World& world, const std::string& directory) {
    // What cannot be removed lies in memory, opens nothing any more and is overwritten by the next test.
    for (const auto* name : {"/key", "/key.pub", "/known_hosts"}) {
        disregard(world.files.remove(directory + name));
    }
}

}  // namespace sshkeep::app
