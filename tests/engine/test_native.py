"""llama.cpp itself, in this process: checked against slower ways to the same answer."""

from __future__ import annotations

import ctypes
import functools
import math
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

from fakes.deaf import Deaf
from fakes.requests import LONG, blank
from fakes.starter import needs_starter
from onhand.domain.catalog import ChatFamily, read_catalog
from onhand.domain.primitives import Prompt, Question, Score, Write, WriteEach
from onhand.domain.progress import Cancelled
from onhand.engine.llama import chat
from onhand.engine.llama.batching import ALIGNED, BATCH, Entry
from onhand.engine.llama.bindings import native
from onhand.engine.llama.chat import chat_format
from onhand.engine.llama.context import Stop
from onhand.engine.llama.model import LONGEST_RUN, without_long_runs
from onhand.engine.llama.prefixes import KEPT, SHARE
from onhand.engine.llama.prompting import Assembler
from onhand.engine.llama.values import Values
from onhand.host import find_data

pytestmark = [*needs_starter]

PROMPT = Prompt(system="You sort texts.", before="Read this.\n\nText: ")
HEAVY = ("jinja2", "diskcache", "llama_cpp.llama", "llama_cpp.llama_chat_format", "asyncio")

RUNS = ("a", "é", "中", "-", "…", "😀", "7", " ", "\n", "中文\uff0c", "word ", "4.50 ")

TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "user\n", "<|", "|>", " "),
                *("e\u0301", "\u0301", "👩\u200d👧", "😀", "\r\n", "\n", "שלום", "\u202e"),
                *(
                    "word",
                    "12.50",
                    "ﬁ",
                    "\x00",
                    "\ufeff",
                    "٣",
                    "中文",
                    "!",
                    '"',
                    "a@b.example",
                ),
            ]
        ),
        max_size=16,
    ).map("".join),
)


@pytest.fixture(scope="module")
def model(runtime):
    return runtime._loaded.model


@pytest.fixture
def context(runtime):
    """The context, with nothing in it before and after."""
    loaded = runtime._loaded
    loaded.prefixes.forget()
    yield loaded.context
    loaded.prefixes.forget()


def test_starting_takes_no_more_of_the_package_than_its_functions():
    code = (
        "import sys, onhand.engine.llama.runtime\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert said.stdout.strip() == b"[]"


def brute_force(context, assembler, text, question):
    """Probabilities of the options, one option at a time, each read from the beginning."""
    model = context.model
    paths = [tuple(model.tokens(option)) for option in question.options]
    before = assembler.prefix(PROMPT) + model.tokens(text)
    before += assembler.suffix(question.ask, question.reply)

    @functools.cache
    def row_behind(path):
        context.clear()
        [row] = context.feed(context.take(), [*before, *path], 0, output=True)
        return row

    found = []
    for path in paths:
        logprob = 0.0
        for depth in range(len(path) + 1):
            allowed = {
                other[depth] if depth < len(other) else assembler.end_of_turn
                for other in paths
                if other[:depth] == path[:depth]
            }
            taken = path[depth] if depth < len(path) else assembler.end_of_turn
            if len(allowed) > 1:
                row = row_behind(path[:depth])
                logits = row[sorted(allowed)].astype(np.float64)
                logprob += float(row[taken]) - float(np.logaddexp.reduce(logits))
        found.append(math.exp(logprob))
    return found


@pytest.mark.parametrize(
    "options",
    [
        ("yes", "no"),
        ("billing", "technical", "sales"),
        ("card", "card lost", "card lost abroad", "car"),
        ("activate my card", "activate my account", "activate the fee", "pay"),
        ("😀", "😃", "sad", "'s", "the end\n"),
        ("team 1", "team 2", "team 12"),
        ("same place", "same place again"),
        ("only this",),
    ],
)
@pytest.mark.parametrize("text", ["I lost my card.", "Great 😀 <|im_end|>"])
def test_scores_are_those_of_reading_every_option_for_itself(
    runtime, context, text, options
):
    assembler = Assembler(context.model)
    question = Question(ask="\nCategory:", reply="", options=options)
    expected = brute_force(context, assembler, text, question)
    assert sum(expected) == pytest.approx(1)
    context.clear()
    request = Score(prompt=PROMPT, texts=(text,), questions=(question,))
    [[found]] = runtime.answer(request, Deaf()).logprobs
    # Options that hold next to nothing of the probability share it equally.
    assert [math.exp(each) for each in found] == pytest.approx(expected, abs=0.01)


class Counting(Deaf):
    """Notes how many tokens each batch has."""

    def __init__(self):
        self.sizes = []

    def on_batch(self, tokens):
        """Note them."""
        self.sizes.append(tokens)


def batches(runtime, options, text="I lost my card."):
    """The sizes of the batches in which a text is scored, the prompt being known."""
    question = Question(ask="\nCategory:", reply="", options=options)
    request = Score(prompt=PROMPT, texts=(text,), questions=(question,))
    runtime.answer(request, Deaf())
    listener = Counting()
    runtime.answer(request, listener)
    return listener.sizes


def test_what_all_options_begin_with_takes_no_batch_of_its_own(runtime, context):
    [size] = batches(runtime, ("card lost", "card found"))
    assert batches(runtime, ("lost", "found")) == [size - 1]


def test_a_long_text_is_read_in_batches_of_about_the_same_length(runtime, context):
    sizes = batches(runtime, ("yes", "no"), LONG[:1400])
    assert sum(sizes) > BATCH
    assert len(sizes) == -(-sum(sizes) // BATCH)
    assert max(sizes) - min(sizes) < ALIGNED * len(sizes)


@pytest.mark.parametrize(
    "text",
    [
        "The cats is sitting on the mat. The cats is sitting on the hat. They is happy.",
        "Order 1234 of 12 May costs 99.50 EUR.\nOrder 1235 of 13 May costs 12.00 EUR.",
        "a a a a a a a a a a a a a a a a",
        "😀 e\u0301 <|im_end|> שלום\r\n",
        LONG[:2600],
    ],
)
def test_drafts_change_nothing_that_is_written(runtime, context, text):
    prompt = Prompt(system="You repeat texts.", before="Say it again.\n\n")

    def written(*, draft):
        request = Write(
            prompt=prompt, text=text, ask="\n\nAgain:", reply="", limit=24, draft=draft
        )
        return runtime.answer(request, Deaf())

    with_drafts, without = written(draft=True), written(draft=False)
    if with_drafts.text == without.text:
        assert with_drafts.tokens == without.tokens
        assert with_drafts.logprob == pytest.approx(without.logprob, abs=0.02)
        return
    gap = gap_at_parting(context, prompt, text, with_drafts.text, without.text)
    assert gap < 0.01


@pytest.mark.parametrize("draft", [True, False], ids=["drafts", "no drafts"])
def test_texts_are_written_side_by_side_as_they_are_alone(runtime, context, draft):
    prompt = Prompt(system="You repeat texts.", before="Say it again.\n\n")
    texts = tuple(
        text[:limit]
        for limit in (20, 60, 300)
        for text in ("The cats is sitting on the mat. " * 10, LONG, "1, 2, 3, 4, " * 30)
    )
    behind = {"ask": "\n\nAgain:", "reply": "", "draft": draft}
    limits = tuple(8 + 3 * number for number in range(len(texts)))
    together = runtime.answer(
        WriteEach(prompt=prompt, texts=texts, limits=limits, **behind), Deaf()
    )
    alone = [
        runtime.answer(Write(prompt=prompt, text=text, limit=limit, **behind), Deaf())
        for text, limit in zip(texts, limits, strict=True)
    ]
    for text, beside, single in zip(texts, together.texts, alone, strict=True):
        if beside.text == single.text:
            assert beside.tokens == single.tokens
            assert beside.finished == single.finished
            assert beside.logprob == pytest.approx(single.logprob, abs=0.02)
        else:
            assert gap_at_parting(context, prompt, text, beside.text, single.text) < 0.01


def test_texts_written_side_by_side_take_the_passes_of_the_longest(runtime, context):
    prompt = Prompt(system="You repeat texts.", before="Say it again.\n\n")
    texts = ("The cats is sitting on the mat.", "The dogs is here.", "They is happy.")

    def passes(*some):
        listener = Counting()
        request = WriteEach(
            prompt=prompt,
            texts=some,
            ask="\n\nAgain:",
            reply="",
            limits=(16,) * len(some),
            draft=False,
        )
        runtime.answer(request, listener)
        return len(listener.sizes)

    passes(*texts)
    # One begins in each pass.
    assert passes(*texts) < max(map(passes, texts)) + len(texts)


def gap_at_parting(context, prompt, text, first, second):
    """How far apart the two best tokens are where two texts part."""
    model, assembler = context.model, Assembler(context.model)
    one, other = model.tokens(first), model.tokens(second)
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    before = (
        assembler.prefix(prompt) + model.tokens(text) + assembler.suffix("\n\nAgain:", "")
    )
    context.clear()
    [row] = context.feed(context.take(), before + one[:same], 0, output=True)
    best = np.sort(row)[-2:]
    return float(best[1] - best[0])


def spelled(model, tokens):
    return b"".join(model.piece(token) for token in tokens)


def as_known(model, text):
    """The bytes of a text, but for those that no token of the vocabulary stands for."""
    known = {piece[0] for piece in model.pieces if len(piece) == 1}
    return text.encode(errors="replace").translate(None, bytes({*range(256)} - known))


def is_control(model, token):
    return bool(native.llama_vocab_is_control(model.vocabulary, token))


@given(TEXTS)
@settings(max_examples=200)
def test_no_text_of_a_user_becomes_a_control_token(model, text):
    assert not any(is_control(model, token) for token in model.tokens(text))


def test_control_words_of_ours_do_become_control_tokens(model):
    tokens = model.tokens("<|im_start|>", control=True)
    assert [is_control(model, token) for token in tokens] == [True]


@given(TEXTS)
@settings(max_examples=200)
def test_the_tokens_of_a_text_spell_its_bytes(model, text):
    assert spelled(model, model.tokens(text)) == as_known(model, text)


@given(st.lists(st.tuples(st.sampled_from(RUNS), st.integers(1, 1200)), max_size=4))
def test_a_text_is_cut_inside_of_long_runs_alone(runs):
    text = "Words, as always. ".join(piece * count for piece, count in runs)
    pieces = [*without_long_runs(text)]
    assert "".join(pieces) == text
    assert all(re.search(rf"(.)\1{{{LONGEST_RUN}}}", each) is None for each in pieces)
    # A run may go on into the words beside it.
    if not any(count + len("Words") >= LONGEST_RUN for _, count in runs):
        assert len(pieces) == 1


@given(system=TEXTS, before=TEXTS, ask=TEXTS, reply=TEXTS)
@settings(max_examples=100)
def test_only_the_control_words_of_the_format_are_control_tokens(
    model, system, before, ask, reply
):
    assembler = Assembler(model)
    plain = assembler.prefix(Prompt(system="", before="")) + assembler.suffix("", "")
    tokens = assembler.prefix(Prompt(system=system, before=before))
    tokens += assembler.suffix(ask, reply)
    ours = [token for token in plain if is_control(model, token)]
    assert [token for token in tokens if is_control(model, token)] == ours


def test_a_prompt_is_what_the_template_in_the_file_makes_of_it(model):
    template = ImmutableSandboxedEnvironment().from_string(model.template)
    expected = template.render(
        messages=[
            {"role": "system", "content": "You sort."},
            {"role": "user", "content": "Text: one two?"},
        ],
        add_generation_prompt=True,
    )
    assembler = Assembler(model)
    tokens = assembler.prefix(Prompt(system="You sort.", before="Text: "))
    tokens += [*model.tokens("one two"), *assembler.suffix("?", "")]
    spelled = spelled_with_control(model, tokens)
    assert spelled == expected
    assert model.ends(assembler.end_of_turn)


def test_turns_in_front_are_what_the_template_makes_of_them(model):
    template = ImmutableSandboxedEnvironment().from_string(model.template)
    turns = [("Text: a", "b"), ("Text: c", "d\n\ne")]
    messages = [{"role": "system", "content": "You sort."}]
    for user, reply in (*turns, ("Text: one", None)):
        messages.append({"role": "user", "content": user})
        if reply is not None:
            messages.append({"role": "assistant", "content": reply})
    expected = template.render(messages=messages, add_generation_prompt=True)
    assembler = Assembler(model)
    prompt = Prompt(system="You sort.", before="Text: ", turns=tuple(turns))
    tokens = assembler.prefix(prompt)
    tokens += [*model.tokens("one"), *assembler.suffix("", "")]
    assert spelled_with_control(model, tokens) == expected


def spelled_with_control(model, tokens):
    array = (native.llama_token * len(tokens))(*tokens)
    buffer = ctypes.create_string_buffer(10_000)
    length = native.llama_detokenize(
        model.vocabulary, array, len(tokens), buffer, len(buffer), False, True
    )
    return buffer.raw[:length].decode()


class Template:
    """As much of a model as choosing a format takes."""

    def __init__(self, template):
        self.template = template


SNIPPETS = {
    "chatml": "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] }}",
    "granite": "{{ '<|start_of_role|>' + message['role'] + '<|end_of_role|>' }}",
    "llama 3": "{{ '<|start_header_id|>' + role + '<|end_header_id|>\n\n' }}<|eot_id|>",
    "gemma": "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim }}",
    "phi 3": "{{ '<|user|>\n' + content + '<|end|>\n<|assistant|>\n' }}",
    "phi 4": "{{ '<|im_start|>user<|im_sep|>' + content + '<|im_end|>' }}",
    "mistral 3 tekken": '{{ "[INST]" + content + "[/INST]" }}[AVAILABLE_TOOLS]',
    "mistral 3": "{{ '[INST] ' + content + '[/INST]' }}[AVAILABLE_TOOLS]",
    "mistral 7": "[SYSTEM_PROMPT] {{ '[INST] ' + content + '[/INST]' }}",
    "llama 2": "{{ '[INST] <<SYS>>' + content + '[/INST]' }}",
    "zephyr": "{{ '<|user|>\n' + content + '<|endoftext|>' }}",
}


@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)
def test_a_family_has_the_format_that_llama_cpp_gives_it(snippet):
    form = chat_format(Template(snippet))
    turns = [(b"system", b"SYSTEM"), (b"user", b"USER")]
    spelled = f"{form.before_system}SYSTEM{form.before_user}USER{form.before_reply}"
    assert spelled == as_llama_cpp_has_it(snippet, turns)
    past, following = (
        form.past_reply or form.before_reply,
        form.next_user or form.before_user,
    )
    turns += [(b"assistant", b"REPLY"), (b"user", b"MORE")]
    spelled = f"{form.before_system}SYSTEM{form.before_user}USER{past}REPLY{following}MORE"
    assert f"{spelled}{form.before_reply}" == as_llama_cpp_has_it(snippet, turns)


def as_llama_cpp_has_it(snippet, turns):
    messages = (native.llama_chat_message * len(turns))(
        *(native.llama_chat_message(role=role, content=text) for role, text in turns)
    )
    buffer = ctypes.create_string_buffer(1000)
    length = native.llama_chat_apply_template(
        snippet.encode(), messages, len(turns), True, buffer, len(buffer)
    )
    return buffer.raw[:length].decode()


@pytest.mark.parametrize(
    ("snippet", "form"),
    [
        ("{% if enable_thinking %}{{ '<|im_start|>' + message['role'] }}", chat.QWEN3),
        (
            "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}",
            chat.PHI,
        ),
        ("", chat.CHATML),
        ("{{ nobody_knows }}", chat.CHATML),
    ],
)
def test_what_llama_cpp_gets_wrong_or_does_not_know_is_a_format_of_ours(snippet, form):
    assert chat_format(Template(snippet)) is form


# Written for this test, with the words by which the templates of these are recognised:
# ibm-granite/granite-4.0-350m, microsoft/Phi-4-mini-instruct, Qwen/Qwen3-0.6B and
# Qwen3-4B-Instruct-2507.
OF_THE_CATALOGUE = {
    ChatFamily.GRANITE: "{{ '<|start_of_role|>user<|end_of_role|>' + content }}",
    ChatFamily.PHI: "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}",
    ChatFamily.QWEN3: "<|im_start|>assistant{% if enable_thinking is false %}<think>",
    ChatFamily.CHATML: "{{ '<|im_start|>' + message.role + '\n' + content }}",
}


@pytest.mark.parametrize("family", OF_THE_CATALOGUE)
def test_a_model_of_the_catalogue_has_the_format_that_the_catalogue_names(family):
    assert chat_format(Template(OF_THE_CATALOGUE[family])) is chat.FORMATS[family]


def test_the_engine_knows_every_format_that_the_catalogue_may_name():
    assert set(chat.FORMATS) == set(ChatFamily)
    data = (find_data() / "models.json").read_bytes()
    named = {spec.chat_format for spec in read_catalog(data).models} - {None}
    assert named == set(OF_THE_CATALOGUE)


@pytest.mark.parametrize(
    ("form", "spelled"),
    [
        (
            chat.GRANITE,
            (
                "<|start_of_role|>system<|end_of_role|>S<|end_of_text|>\n"
                "<|start_of_role|>user<|end_of_role|>U<|end_of_text|>\n"
                "<|start_of_role|>assistant<|end_of_role|>"
            ),
        ),
        (chat.PHI, "<|system|>S<|end|><|user|>U<|end|><|assistant|>"),
        (
            chat.QWEN3,
            (
                "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n"
                "<|im_start|>assistant\n<think>\n\n</think>\n\n"
            ),
        ),
    ],
)
def test_a_format_spells_turns_as_the_maker_does(form, spelled):
    assert f"{form.before_system}S{form.before_user}U{form.before_reply}" == spelled


def test_earlier_replies_of_a_thinking_model_have_no_thoughts():
    assert chat.QWEN3.past_reply == chat.CHATML.before_reply
    assert "<think>" in chat.QWEN3.before_reply


def values_below(node, depth=12):
    """Every value that can be reached in some steps, with the tokens that spell it."""
    if node.path and node.places():
        yield node.path, node.places()
    if depth:
        for child in node.children().values():
            yield from values_below(child, depth - 1)


@given(text=TEXTS, multiline=st.booleans(), lead=st.sampled_from(["", ' "', "\u201e"]))
@settings(max_examples=100)
def test_every_value_stands_where_its_offsets_say(model, text, multiline, lead):
    assume(as_known(model, text) == text.encode())
    root = Values(model, text, lead).root(blank("any", multiline=multiline))
    for path, places in values_below(root):
        for start, end in places:
            assert 0 <= start < end <= len(text)
            assert multiline or "\n" not in text[start:end]
            whole = lead + text[start:end]
            assert spelled(model, path).decode().split() == whole.split()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("请张三明天下午三点来会议室开会", "张三"),
        ("田中さんは東京都港区に住んでいます", "東京都港区"),
        ("현재 배송중입니다", "배송중"),
        ("สมชายอาศัยอยู่ในกรุงเทพ", "กรุงเทพ"),
        ("于3月30日联系a@b.com谢谢", "3月30日"),
        ("于3月30日联系a@b.com谢谢", "a@b.com"),
        ("关于合同。" + "会" * 40 + "。", "会" * 40),
    ],
)
def test_where_no_spaces_tell_words_apart_any_characters_can_be_a_value(model, text, part):
    start = text.index(part)
    root = Values(model, text).root(blank("any"))
    found = {place for _, places in values_below(root, 150) for place in places}
    assert (start, start + len(part)) in found


@given(text=TEXTS.filter(bool), data=st.data())
@settings(max_examples=100)
def test_candidates_keep_their_offsets(model, text, data):
    offsets = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(offsets, offsets).filter(_is_span), max_size=4))
    if not spans:
        return
    root = Values(model, text).root(blank("any", spans=tuple(spans), multiline=True))
    found = {place for _, places in values_below(root, 100) for place in places}
    assert found <= set(spans)
    # A character for which the model has no token (SmolLM2 lacks some control characters)
    # cannot be a value: there is nothing to score.
    assert {span for span in spans if as_known(model, text[slice(*span)].strip())} <= found


def _is_span(span):
    return span[0] < span[1]


def test_tokens_that_sequences_share_take_room_once(context):
    tokens = context.model.tokens("one two three four")
    count, whole = len(tokens), context.room
    assert whole == context.size
    first = context.take()
    context.feed(first, tokens, 0, output=False)
    second = context.fork(first)
    assert context.room == whole - count
    context.feed(second, tokens, count, output=False)
    assert context.room == whole - 2 * count
    context.cut(second, count + 1)
    assert context.room == whole - count - 1
    context.drop(second)
    assert context.room == whole - count
    context.drop(first)
    assert context.room == whole


def test_a_token_that_sequences_share_is_read_once_for_all(context, model):
    text, one, other = (model.tokens(each) for each in ("It rained today.", " Yes", " No"))
    apart = []
    for last in (one, other):
        sequence = context.take()
        apart.append(context.feed(sequence, text + last, 0, output=True)[0])
        context.drop(sequence)
    first, second = context.take(), context.take()
    before = context.room
    together = context.decode(
        [Entry(token, at, first, also=(second,)) for at, token in enumerate(text)]
        + [
            Entry(token, len(text) + at, sequence, output=at == len(last) - 1)
            for sequence, last in ((first, one), (second, other))
            for at, token in enumerate(last)
        ]
    )
    assert before - context.room == len(text) + len(one) + len(other)
    assert np.allclose(together, apart, atol=0.05)
    for sequence in (second, first):
        context.drop(sequence)


@given(
    sizes=st.lists(st.integers(0, 2000), max_size=40),
    most=st.integers(1, 12),
    spare=st.integers(0, 2000),
)
def test_portions_hold_everything_in_order_and_no_more_than_fits(
    runtime, sizes, most, spare
):
    context = runtime._loaded.context
    portions = [sizes[each] for each in context.portions(sizes, most=most, spare=spare)]
    assert [size for portion in portions for size in portion] == sizes
    for portion in portions:
        assert 1 <= len(portion) <= most
        assert len(portion) == 1 or sum(portion) <= context.room - spare


def prompts(count, words=8):
    return [Prompt(system="", before=f"{number} " * words) for number in range(count)]


@pytest.fixture
def prefixes(runtime, context):
    return runtime._loaded.prefixes


def test_a_prefix_is_decoded_once_and_kept_while_others_are_used(context, prefixes):
    one, two = prompts(2)
    first = prefixes.of(one, 100)
    room = context.room
    second = prefixes.of(two, 100)
    assert second[0] != first[0]
    assert prefixes.of(one, 100) == first
    assert context.room == room - second[1]


def test_the_least_recently_used_prefix_goes_first(context, prefixes):
    first, *others = prompts(KEPT)
    kept = {prompt: prefixes.of(prompt, 10) for prompt in (first, *others)}
    assert prefixes.of(first, 10) == kept[first]
    prefixes.of(Prompt(system="", before="one more"), 10)
    room = context.room
    assert prefixes.of(first, 10) == kept[first]
    assert context.room == room
    prefixes.of(others[0], 10)  # it went: it is decoded anew, and another goes for it
    assert prefixes.of(others[-1], 10) == kept[others[-1]]


def test_prefixes_make_room_for_a_request(context, prefixes):
    *others, last = prompts(4)
    for prompt in others:
        prefixes.of(prompt, 10)
    _, used = prefixes.of(last, context.size)
    assert context.room == context.size - used


def test_prefixes_take_a_share_of_the_context_at_most(context, prefixes):
    for prompt in prompts(12, words=100):
        _, used = prefixes.of(prompt, 10)
        assert context.room >= context.size * (1 - SHARE) - 2 * used


def test_a_stop_leaves_the_prefixes_and_nothing_else(runtime, context, prefixes):
    text = "Once upon a time there was a bear. " * 20
    request = Write(prompt=PROMPT, text="", ask=text, reply="", limit=9)
    _, used = prefixes.of(PROMPT, 10)
    runtime.stop()
    with pytest.raises(Cancelled):
        runtime.answer(request, Deaf())
    runtime.resume()
    assert context.room == context.size - used
    stopped_before = runtime.answer(request, Deaf())
    prefixes.forget()
    assert runtime.answer(request, Deaf()) == stopped_before


def test_stopping_is_a_flag_that_native_code_reads():
    stop = Stop()
    assert not stop.is_set
    assert stop.callback(stop.data) == 0
    stop.set()
    assert stop.is_set
    assert stop.callback(stop.data) != 0
    stop.clear()
    assert not stop.is_set
    assert stop.callback(stop.data) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("e\u0301cole 12", ["e\u0301cole", "12"]),
        ("\U0001f469\u200d\U0001f467 ok", ["\U0001f469\u200d\U0001f467", "ok"]),
        ("\U0001f44d\U0001f3fd!", ["\U0001f44d\U0001f3fd"]),
        (
            "\u0939\u093f\u0928\u094d\u0926\u0940 x",
            ["\u0939\u093f\u0928\u094d\u0926\u0940", "x"],
        ),
        ("\u0e2a\u0e31\u0e48\u0e07", ["\u0e2a\u0e31\u0e48", "\u0e07"]),
    ],
)
def test_a_value_never_begins_or_ends_inside_a_character(model, text, words):
    borders = {place[0] for word in words for place in [(text.index(word),)]}
    ends = {text.index(word) + len(word) for word in words} | {len(text)}
    waiting = [Values(model, text).root(blank("any"))]
    seen = 0
    while waiting:
        node = waiting.pop()
        waiting += node.children().values()
        for start, end in node.places():
            seen += 1
            assert start in borders
            assert end in ends
    assert seen
