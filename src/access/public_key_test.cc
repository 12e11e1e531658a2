#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_host.h"

namespace sshkeep::access::testing {
namespace {

using ::testing::HasSubstr;

std::string check_with(keyfmt::KeyOptions options, const std::string& address = "192.0.2.10") {
    TestHost host;
    host.key("bob", ed25519("a"), std::move(options));
    return answer(host.check({.user = "bob", .address = address, .keys = {ed25519("a")}}));
}

TEST(Key, OptionsLimitIt) {
    EXPECT_EQ(check_with({.from = Untrusted("192.0.2.0/24")}), "admitted");
    EXPECT_EQ(check_with({.from = Untrusted("192.0.2.0/24,!192.0.2.10")}), "refused");
    EXPECT_EQ(check_with({.from = Untrusted("10.0.0.0/8")}), "refused");
    EXPECT_EQ(check_with({.expiry_time = now - 1}), "refused");
    EXPECT_EQ(check_with({.expiry_time = now + 1}), "admitted");
    EXPECT_EQ(check_with({.cert_authority = true}), "refused");
    EXPECT_EQ(check_with({.principals = {Untrusted("bob")}}), "refused");
}

TEST(Key, ASecondLineForItCounts) {
    TestHost host;
    host.key("bob", ed25519("a"), {.from = Untrusted("10.0.0.0/8")});
    host.key("bob", ed25519("a"), {.command = Untrusted("/bin/date")});
    const auto decision = host.check_key("bob", "a");
    EXPECT_EQ(answer(decision), "admitted");
    EXPECT_EQ(decision.session->command, "/bin/date");
}

TEST(Key, TypeAndSizeMustBeAccepted) {
    TestHost host("UsePAM yes\nRequiredRSASize 3072\nPubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-256\n");
    host.key("bob", rsa(2048, "small"));
    host.key("bob", rsa(4096, "large"));
    host.key("bob", ed25519("a"));
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {rsa(2048, "small")}})), "refused");
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {rsa(4096, "large")}})), "admitted");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    TestHost narrow("UsePAM yes\nPubkeyAcceptedAlgorithms rsa-sha2-512\n");
    narrow.key("bob", ed25519("a"));
    EXPECT_EQ(answer(narrow.check_key("bob", "a")), "refused");
}

struct ModeCase {
    const char* step;
    std::uint32_t mode;
    std::uint32_t uid;
    const char* strict;
    const char* lax;
};

class Modes : public ::testing::TestWithParam<ModeCase> {};

TEST_P(Modes, MatterToStrictModes) {
    for (const bool strict : {true, false}) {
        TestHost host(strict ? "UsePAM yes\n" : "UsePAM yes\nStrictModes no\n", sshdconf::build_of_upstream({9, 2, 1}));
        host.key("bob", ed25519("a"));
        for (auto& step : host.key_file("bob", "/home/bob/.ssh/authorized_keys").walk->steps) {
            if (step.path == GetParam().step) {
                step.mode = GetParam().mode;
                step.uid = GetParam().uid;
            }
        }
        EXPECT_EQ(answer(host.check_key("bob", "a")), strict ? GetParam().strict : GetParam().lax);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Modes,
                         ::testing::Values(ModeCase{"/home/bob", 0755, 1000, "admitted", "admitted"},
                                           ModeCase{"/home/bob", 0775, 1000, "refused", "admitted"},
                                           ModeCase{"/home/bob", 0777, 1000, "refused", "admitted"},
                                           ModeCase{"/home/bob/.ssh", 0700, 1001, "refused", "refused"},
                                           ModeCase{"/home/bob/.ssh", 0755, 1001, "refused", "admitted"},
                                           ModeCase{"/home/bob/.ssh", 0000, 1000, "refused", "refused"},
                                           // Above the home nobody looks, and root's files are as good as one's own.
                                           ModeCase{"/home", 0777, 0, "admitted", "admitted"},
                                           ModeCase{"/home/bob/.ssh/authorized_keys", 0644, 0, "admitted", "admitted"},
                                           // sshd reads the file as the account.
                                           ModeCase{"/home/bob/.ssh/authorized_keys", 0600, 0, "refused", "refused"}));

TEST(Key, DebianAllowsThePrivateGroupToWrite) {
    TestHost host;
    host.key("bob", ed25519("a"));
    auto& steps = host.key_file("bob", "/home/bob/.ssh/authorized_keys").walk->steps;
    steps.front().mode = 0660;
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    host.account("alice", 1001, {"bob"});
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
}

TEST(Key, AHomeThatTheAccountMayNotEnterHidesALinkToo) {
    for (const std::uint32_t mode : {0700U, 0711U}) {
        TestHost host("UsePAM yes\nStrictModes no\n");
        host.key("bob", ed25519("a"));
        auto& file = host.facts.authorized_keys.front();
        file.walk = walk_of("/srv/keys", host.find("root"), 0644);
        file.walk->named = "/home/bob/.ssh/authorized_keys";
        facts::HomeDirectory home{.account = "bob"};
        home.home = info_of("/home/bob", facts::FileType::directory, mode, 0);
        host.facts.homes.push_back(std::move(home));
        EXPECT_EQ(answer(host.check_key("bob", "a")), mode == 0700U ? "refused" : "admitted");
    }
}

// ---- revoked keys ------------------------------------------------------------------------------------------------

TEST(Key, RevokedKeysRefuse) {
    const std::string config = "UsePAM yes\nRevokedKeys /etc/ssh/revoked\n";
    TestHost host(config);
    host.key("bob", ed25519("a"));
    EXPECT_EQ(answer(host.check_key("bob", "a")), "unknown") << "the file was not read";
    host.facts.revoked_keys.push_back({.path = "/etc/ssh/revoked", .exists = true, .keys = keyfmt::RevokedKeys{}});
    auto& file = host.facts.revoked_keys.front();
    EXPECT_EQ(answer(host.check_key("bob", "a")), "admitted");
    file.keys->fingerprints.insert("SHA256:a");
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
    file.keys->fingerprints.clear();
    file.keys->damage = "damaged";
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused");
    file.keys->damage.clear();
    file.exists = false;
    EXPECT_EQ(answer(host.check_key("bob", "a")), "refused") << "sshd refuses all keys without the file";
}

TEST(Key, RevokedKeysNoneInAMatchBlockIsAFileThatIsMissing) {
    for (const bool in_match : {true, false}) {
        TestHost host(std::string("UsePAM yes\n") + (in_match ? "Match all\n" : "") + "RevokedKeys none\n");
        host.key("bob", ed25519("a"));
        EXPECT_EQ(answer(host.check_key("bob", "a")), in_match ? "refused" : "admitted");
    }
}

// ---- certificates ------------------------------------------------------------------------------------------------

keyfmt::PublicKey certificate(std::vector<std::string> principals) {
    auto key = ed25519("c");
    key.type = "ssh-ed25519-cert-v01@openssh.com";
    key.certificate = keyfmt::Certificate{.ca_fingerprint = "SHA256:ca", .signature_algorithm = "ssh-ed25519"};
    for (auto& name : principals) {
        key.certificate->principals.emplace_back(std::move(name));
    }
    key.certificate->extensions = {"permit-pty"};
    return key;
}

struct Trust {
    TestHost host;
    explicit Trust(const std::string& config = {}, sshdconf::Build build = sshdconf::bookworm())
        : host("UsePAM yes\nTrustedUserCAKeys /etc/ssh/ca\n" + config, std::move(build)) {
        facts::CaFile file{.path = "/etc/ssh/ca", .keys = std::vector<keyfmt::AuthorizedKey>{}};
        file.keys->push_back({.line = 1, .key = ed25519("ca")});
        host.facts.ca_files.push_back(std::move(file));
    }
    std::string check(const keyfmt::PublicKey& key) { return answer(host.check({.user = "bob", .keys = {key}})); }
};

TEST(CertificateByCa, MustNameTheAccountAndBeValid) {
    Trust trust;
    EXPECT_EQ(trust.check(certificate({"bob"})), "admitted");
    EXPECT_EQ(trust.check(certificate({"alice"})), "refused");
    EXPECT_EQ(trust.check(certificate({})), "refused");
    auto expired = certificate({"bob"});
    expired.certificate->valid_before = static_cast<std::uint64_t>(now);
    EXPECT_EQ(trust.check(expired), "refused");
    auto early = certificate({"bob"});
    early.certificate->valid_after = static_cast<std::uint64_t>(now) + 1;
    EXPECT_EQ(trust.check(early), "refused");
    auto host_certificate = certificate({"bob"});
    host_certificate.certificate->host = true;
    EXPECT_EQ(trust.check(host_certificate), "refused");
    auto other = certificate({"bob"});
    other.certificate->ca_fingerprint = "SHA256:other";
    EXPECT_EQ(trust.check(other), "refused");
    auto bound = certificate({"bob"});
    bound.certificate->source_address = Untrusted("10.0.0.0/8");
    EXPECT_EQ(trust.check(bound), "refused");
    auto odd = certificate({"bob"});
    odd.certificate->unusable = "unknown critical option";
    EXPECT_EQ(trust.check(odd), "refused");
    auto weak = certificate({"bob"});
    weak.certificate->signature_algorithm = "ssh-rsa";
    EXPECT_EQ(trust.check(weak), "refused");
}

TEST(CertificateByCa, PrincipalsComeFromTheFileWhereThereIsOne) {
    Trust trust("AuthorizedPrincipalsFile /etc/ssh/principals/%u\n");
    EXPECT_EQ(trust.check(certificate({"admin"})), "unknown") << "the file was not read";
    facts::PrincipalsFile file{.path = "/etc/ssh/principals/bob",
                               .walk = walk_of("/etc/ssh/principals/bob", trust.host.find("bob"), 0644),
                               .lines = std::vector<keyfmt::AuthorizedPrincipal>{}};
    file.lines->push_back({.line = 1, .name = Untrusted("admin")});
    trust.host.facts.principals.push_back(std::move(file));
    EXPECT_EQ(trust.check(certificate({"admin"})), "admitted");
    EXPECT_EQ(trust.check(certificate({"bob"})), "refused");
    trust.host.facts.principals.front().lines->front().options.from = Untrusted("10.0.0.0/8");
    EXPECT_EQ(trust.check(certificate({"admin"})), "refused");
}

TEST(CertificateByCa, PrincipalsFileNoneInAMatchBlockIsAFileThatIsMissing) {
    EXPECT_EQ(Trust("AuthorizedPrincipalsFile none\n").check(certificate({"bob"})), "admitted");
    EXPECT_EQ(Trust("Match all\nAuthorizedPrincipalsFile none\n").check(certificate({"bob"})), "refused");
}

TEST(CertificateByCa, ALineThatSshdCannotReadEndsTheFile) {
    Trust trust;
    auto& keys = *trust.host.facts.ca_files.front().keys;
    keys.insert(keys.begin(), {.line = 1, .rejected = "no key"});
    EXPECT_EQ(trust.check(certificate({"bob"})), "refused");
}

TEST(CertificateByFile, EmptyPrincipalsStandForAnybodyUntil103) {
    for (const auto& [version, expected] :
         {std::pair{OpensshVersion{9, 2, 1}, "admitted"}, std::pair{OpensshVersion{10, 3, 1}, "refused"}}) {
        TestHost host("UsePAM yes\n", sshdconf::build_of_upstream(version));
        host.key("bob", ed25519("ca"), {.cert_authority = true});
        EXPECT_EQ(answer(host.check({.user = "bob", .keys = {certificate({"bob"})}})), "admitted");
        EXPECT_EQ(answer(host.check({.user = "bob", .keys = {certificate({"alice"})}})), "refused");
        EXPECT_EQ(answer(host.check({.user = "bob", .keys = {certificate({})}})), expected);
        EXPECT_EQ(answer(host.check_key("bob", "ca")), "refused") << "the authority's key itself opens nothing";
    }
}

TEST(CertificateByFile, PrincipalsOfTheLineCountInsteadOfTheName) {
    TestHost host;
    host.key("bob", ed25519("ca"), {.cert_authority = true, .principals = {Untrusted("ops")}});
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {certificate({"ops"})}})), "admitted");
    EXPECT_EQ(answer(host.check({.user = "bob", .keys = {certificate({"bob"})}})), "refused");
}

}  // namespace
}  // namespace sshkeep::access::testing
