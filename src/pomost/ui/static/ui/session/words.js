// @ts-check
/** The words two people compare over the telephone. Twin of wire/spoken.py; the lists are generated. */
import { WORD_LISTS } from "#ui/session/word_lists.js";

/**
 * @param {string} language ru, pl or en
 * @param {readonly number[]} numbers as Sealed.wordNumbers gives them
 * @returns {string[]}
 */
export function words(language, numbers) {
  const listed = WORD_LISTS[language];
  if (listed === undefined) throw new RangeError(`There are no words in “${language}”.`);
  return numbers.map((number) => listed[number]);
}
