#include "ledger/note.h"

#include <gtest/gtest.h>

#include "ledger/checkpoint.h"
#include "ledger/encoding.h"

namespace sshkeep::ledger {
namespace {

// The example of Go's golang.org/x/mod/sumdb/note: key, text and signature were made by another implementation.
constexpr std::string_view go_key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view go_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xE2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

PrivateKey key_of(std::uint8_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(number);
    return *PrivateKey::from_seed(seed);
}

/// RFC 8032, 7.1, test 1.
TEST(Ed25519, SignsAsTheRfcDoes) {
    const auto seed = *parse_hex_hash("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    const auto key = *PrivateKey::from_seed(seed);
    EXPECT_EQ(to_hex(as_text(key.public_key())), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    EXPECT_EQ(
        to_hex(as_text(key.sign(""))),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595"
        "bbe24655141438e7a100b");
    EXPECT_TRUE(is_signed(key.public_key(), "", key.sign("")));
    EXPECT_FALSE(is_signed(key.public_key(), "x", key.sign("")));
}

TEST(Note, AcceptsAnotherImplementationsSignature) {
    const auto key = parse_verifier_key(go_key);
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(render_verifier_key(*key), go_key);
    const auto note = parse_note(go_note);
    ASSERT_TRUE(note) << note.error().message;
    EXPECT_TRUE(is_signed_by(*note, *key));
    EXPECT_EQ(render_note(*note), go_note);
}

TEST(Note, OneBitAnywhereBreaksIt) {
    const auto key = *parse_verifier_key(go_key);
    for (std::size_t at = 0; at < go_note.size(); ++at) {
        std::string bent(go_note);
        bent[at] = static_cast<char>(bent[at] ^ 1);
        const auto note = parse_note(bent);
        EXPECT_FALSE(note && is_signed_by(*note, key)) << at;
    }
}

TEST(Note, RefusesWhatIsNotOne) {
    for (const std::string bad : {"", "\n", "text", "text\n", "text\n\n", "text\n\nsig\n", "t\n\n\xE2\x80\x94 n AAAA\n",
                                  "t\n\n\xE2\x80\x94 n AAAAAAA=", "t\1\n\n\xE2\x80\x94 n AAAAAAA=\n",
                                  "t\xFF\n\n\xE2\x80\x94 n AAAAAAA=\n", "t\n\n\xE2\x80\x94 n+m AAAAAAA=\n"}) {
        EXPECT_FALSE(parse_note(bad)) << bad;
    }
    EXPECT_TRUE(parse_note("t\n\n\xE2\x80\x94 n AAAAAAA=\n"));
    for (const auto* bad :
         {"", "a+b", "a+00000000+AAAA", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
          "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}) {
        EXPECT_FALSE(parse_verifier_key(bad)) << bad;
    }
}

TEST(Note, CosignaturesCarryTheirTime) {
    const auto witness = key_of(9);
    const VerifierKey key{"witness.example", KeyKind::cosignature, witness.public_key()};
    Note note{.text = "log\n1\n" + to_base64(sha256("root")) + "\n"};
    note.signatures.push_back(cosign_note(note.text, key.name, witness, 1'679'315'147));
    EXPECT_TRUE(is_signed_by(note, key));
    EXPECT_TRUE(is_signed_by(*parse_note(render_note(note)), *parse_verifier_key(render_verifier_key(key))));
    note.signatures[0].bytes[7] ^= 1;  // the time
    EXPECT_EQ(check_signature(note, key), SignatureCheck::wrong);
    const VerifierKey plain{"witness.example", KeyKind::ed25519, witness.public_key()};
    EXPECT_EQ(check_signature(note, plain), SignatureCheck::absent);
}

TEST(Checkpoint, ComesBackAsItWas) {
    const Checkpoint checkpoint{"example.com/log", 20'852'163, sha256("root")};
    const auto key = key_of(1);
    const auto bytes = sign_checkpoint(checkpoint, key);
    const auto parsed = parse_signed_checkpoint(bytes);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->checkpoint, checkpoint);
    EXPECT_TRUE(is_signed_by(parsed->note, {"example.com/log", KeyKind::ed25519, key.public_key()}));
    EXPECT_FALSE(is_signed_by(parsed->note, {"example.com/log", KeyKind::ed25519, key_of(2).public_key()}));
}

TEST(Checkpoint, RefusesOtherSpellings) {
    const auto root = to_base64(sha256("root")) + "\n";
    EXPECT_TRUE(parse_checkpoint("o\n0\n" + root));
    EXPECT_TRUE(parse_checkpoint("o\n10\n" + root + "extension\n"));
    for (const auto& bad :
         {"\n1\n" + root, "o\n01\n" + root, "o\n-1\n" + root, "o\n1 \n" + root, std::string("o\n1\n"),
          std::string("o\n1\nAAAA\n"), "o\n99999999999999999999\n" + root, "o\n1\n" + root + "\nx\n"}) {
        EXPECT_FALSE(parse_checkpoint(bad)) << bad;
    }
}

TEST(Proof, ComesBackAsItWas) {
    const InclusionProof proof{"record", 7, {sha256("a"), sha256("b")}, std::string(go_note)};
    const auto parsed = parse_proof(render_proof(proof));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(render_proof(*parsed), render_proof(proof));
    EXPECT_EQ(parsed->hashes, proof.hashes);
    const WitnessRequest request{5, {sha256("a")}, std::string(go_note)};
    const auto again = parse_witness_request(render_witness_request(request));
    ASSERT_TRUE(again);
    EXPECT_EQ(render_witness_request(*again), render_witness_request(request));
}

}  // namespace
}  // namespace sshkeep::ledger
