import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { scaleText, sectionsOf } from "../src/features/recipes/steps";
import { recipe, surroundings } from "./support/catalogue";
import { openSite } from "./support/render";

const scaled = (text: string, ratio = 3, names = ["김치", "무", "달걀", "간장", "다진 마늘", "두부", "김", "eggs", "tofu", "soy sauce"]) =>
  scaleText(text, ratio, names, "ko").map((part) => (part.scaled ? `*${part.text}*` : part.text)).join("");

test.each([
  ["물 600 ml를 붓고", "물 *1,800 ml*를 붓고"],
  ["찬물 170ml와", "찬물 *510ml*와"],
  ["600 ml의 물을", "*1,800 ml*의 물을"],
  ["물 500~600 ml를", "물 *1,500~1,800 ml*를"],
  ["물 1.2 l를", "물 *3.6 l*를"],
  ["물(1,000 ml)을", "물(*3,000 ml*)을"],
  ["간장 1/2큰술, 달걀 2개를", "간장 *1.5큰술*, 달걀 *6개*를"],
  ["간장 ½컵과 물 1컵", "간장 *1.5컵*과 물 *3컵*"],
  ["500 ml of water", "*1,500 ml* of water"],
  ["물 1 1/2컵과", "물 *4.5컵*과"],
  ["물 1½컵과", "물 *4.5컵*과"],
  ["물 1 ½컵과", "물 *4.5컵*과"],
  ["물 1⁄3컵, 간장 ⅔큰술", "물 *1컵*, 간장 *2큰술*"],
  ["물 ¼~1 1/4컵을", "물 *0.75~3.75컵*을"],
  ["1 1/2 l의 물을", "*4.5 l*의 물을"],
  ["물 1과 1/2컵을", "물 *4.5컵*을"],
  ["물 500㎖를", "물 *1,500㎖*를"],
  ["물 200㏄를", "물 *600㏄*를"],
  ["간장 2T와 물 1t를", "간장 *6T*와 물 *3t*를"],
  ["물 600ml~700ml를", "물 *1,800ml~2,100ml*를"],
  ["물 2컵~3컵을", "물 *6컵~9컵*을"],
  ["1 to 2 cups water", "*3 to 6 cups* water"],
  ["물 2컵 반을", "물 *7.5컵*을"],
  ["물 한 컵 반", "물 *4.5 컵*"],
  ["물을 600ml 붓는다", "물을 *1,800ml* 붓는다"],
  ["물은 600ml", "물은 *1,800ml*"],
  ["간장을 2큰술", "간장을 *6큰술*"],
  ["간장도 2숟가락", "간장도 *6숟가락*"],
  ["물 약 600ml", "물 약 *1,800ml*"],
  ["물을 약 600ml", "물을 약 *1,800ml*"],
  ["물 600ml(3컵)을", "물 *1,800ml*(*9컵*)을"],
  ["간장 2큰술과 1작은술", "간장 *6큰술*과 *3작은술*"],
  ["다진마늘 1큰술", "다진마늘 *3큰술*"],
  ["다진  마늘을 1큰술", "다진  마늘을 *3큰술*"],
  ["물 １，２００ｍｌ를", "물 *3,600ml*를"],
  ["간장 한 큰술", "간장 *3 큰술*"],
  ["달걀 두 개와", "달걀 *6 개*와"],
  ["간장 2숟가락", "간장 *6숟가락*"],
  ["Add 1 cup water", "Add *3 cup* water"],
  ["2 tablespoons of soy sauce", "*6 tablespoons* of soy sauce"],
  ["Add 2 eggs and 1 Egg.", "Add *6* eggs and *3* Egg."],
  ["Water 600 ml", "Water *1,800 ml*"],
  ["무 200g 팬에 볶는다", "무 *600g* 팬에 볶는다"],
  ["물 600ml 냄비에 붓고", "물 *1,800ml* 냄비에 붓고"],
  ["달걀 1개 볼에", "달걀 *3개* 볼에"],
  ["간장 2큰술, 다진 마늘 1큰술 볼에 넣고", "간장 *6큰술*, 다진 마늘 *3큰술* 볼에 넣고"],
  ["간장을 2큰술 팬에 두르고", "간장을 *6큰술* 팬에 두르고"],
  ["물 2컵 당근 1개", "물 *6컵* 당근 1개"],
  ["다진 마늘 한쪽을", "다진 마늘 *3쪽*을"],
  ["두부 네 모를", "두부 *12 모*를"],
  ["두부 1모와", "두부 *3모*와"],
])("a quantity next to an ingredient is scaled to the servings: %s", (text, expected) => {
  expect(scaled(text)).toBe(expected);
});

test.each([
  ["물 0.004 l", 0.5, "물 *0.002 l*"],
  ["물 0.01 l", 1 / 7, "물 *0.001 l*"],
  ["물 100 ml", 1 / 3, "물 *33.33 ml*"],
])("a scaled quantity is rounded like the quantity of an ingredient, and never to 0: %s times %d", (text, ratio, expected) => {
  expect(scaled(text, ratio)).toBe(expected);
});

test.each([
  "20분 끓여요.", "200℃에서 1시간", "무를 2 cm 두께로 썰어요.", "2 l 냄비에 담아요.", "나무 3개를 깎아요.", "물 100 ml씩 세 번 나눠요.", "김치를 2등분해요.", "달걀 2개월 된 것", "물 1,2 l", "물 1/2/3컵", "물 1/0컵", "물 1과 2컵", "물을 2번 갈아요.", "나무를 3개", "물을 2 l 냄비에 담아요.", "무를 4장으로 썰어요.", "김치를 2개씩", "물 한두 컵", "물을 80 C로", "Add 2 eggplants", "물을 10분 끓여요.",
  "물을 500 ml 병에 담아요.", "물은 2리터 냄비에 끓여요.",
  "두부를 네모나게 썬다", "김치는 네모지게", "무는 세모나게", "두부를 네모 모양으로", "두부를 네 모로 썬다", "두부 두 모서리를", "두부를 한쪽 면이 노릇해지면", "김치를 한쪽에 둔다", "두부를 한쪽 굽고", "두부를 반쪽 굽고", "두부를 2쪽 면이", "물 한 모금", "두부를 2모금",
  "김을 한 장 한 장 굽는다", "달걀을 한 알 한 알", "달걀을 한 개 한 개", "달걀을 한개, 한개",
])(
  "what is no quantity of an ingredient stays: %s",
  (text) => {
    expect(scaled(text)).toBe(text);
  },
);

test.each(["all-purpose flour", "7-up", "A\\B^$.*+?()[]{}|/-"])("a name may have any characters: %s", (name) => {
  expect(scaled(`1 cup ${name}`, 2, [name])).toBe(`*2 cup* ${name}`);
});

test("for the original servings a step is unchanged", () => {
  expect(scaleText("물 ½컵, 물 1000 ml", 1, [], "ko")).toEqual([{ text: "물 ½컵, 물 1000 ml", scaled: false }]);
});

test("headings start sections, and steps are numbered consecutively", () => {
  expect(sectionsOf(["썰어요.", "[양념장]", "섞어요.", "조리기:\n끓여요.\n졸여요.", "불을 꺼요: 다 됐어요."])).toEqual([
    { steps: [{ number: 1, text: "썰어요." }] },
    { title: "양념장", steps: [{ number: 2, text: "섞어요." }] },
    { title: "조리기", steps: [{ number: 3, text: "끓여요.\n졸여요." }, { number: 4, text: "불을 꺼요: 다 됐어요." }] },
  ]);
});

const stew = { ...recipe, steps: ["[국물]", "물 600 ml를 끓여요.", "김치를 넣고 20분 끓여요."] };
const open = (body: object = stew) => openSite("/recipes/1", { ...surroundings, "GET /recipes/1": () => ({ body }) });
const method = async () => within(await screen.findByRole("region", { name: "만드는 법" }));

test("the method is scaled to the servings, marks scaled quantities, and has sections and a link", async () => {
  await open();
  const part = await method();
  expect(part.getByRole("heading", { level: 3, name: "국물" })).toBeInTheDocument();
  expect(part.getAllByRole("listitem").map((step) => step.textContent)).toEqual(["물 600 ml를 끓여요.", "김치를 넣고 20분 끓여요."]);
  expect(part.queryByText(/굵게 적었어요/u)).not.toBeInTheDocument();
  fireEvent.change(screen.getByRole("slider", { name: "몇 인분" }), { target: { value: "6" } });
  expect(part.getAllByRole("listitem").map((step) => step.textContent)).toEqual(["물 1,800 ml를 끓여요.", "김치를 넣고 20분 끓여요."]);
  expect(part.getByRole("status")).toHaveTextContent("6인분으로 바꾸어 굵게 적었어요.");
  expect(document.querySelector(screen.getByRole("link", { name: "만드는 법으로" }).getAttribute("href")!)).toHaveTextContent("만드는 법");
});

test("ticked steps survive a reload, but neither a change of the recipe nor the end of the day", async () => {
  const first = await open();
  const box = (name: RegExp) => screen.findByRole("checkbox", { name });
  await first.user.click(await box(/20분/u));
  expect(await box(/20분/u)).toBeChecked();
  cleanup();
  await open();
  expect(await box(/20분/u)).toBeChecked();
  expect(await box(/600/u)).not.toBeChecked();
  cleanup();
  await open({ ...stew, version: 4 });
  expect(await box(/20분/u), "another version").not.toBeChecked();
  cleanup();
  const tomorrow = Date.now() + 24 * 3_600_000;
  vi.spyOn(Date, "now").mockReturnValue(tomorrow);
  await open();
  expect(await box(/20분/u), "the next day").not.toBeChecked();
  vi.restoreAllMocks();
  cleanup();
  const last = await open();
  await last.user.click(await screen.findByRole("button", { name: "체크 모두 지우기" }));
  expect(await box(/20분/u)).not.toBeChecked();
  expect(screen.queryByRole("button", { name: "체크 모두 지우기" })).not.toBeInTheDocument();
});

test.each(["{", "1", "[1, null]", '[{"id":1,"version":3,"done":"x","at":1}]'])("invalid stored ticks are ignored: %s", async (stored) => {
  localStorage.setItem("hankki.cooking", stored);
  await open();
  for (const box of (await method()).getAllByRole("checkbox")) {
    expect(box).not.toBeChecked();
  }
});
