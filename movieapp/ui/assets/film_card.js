// A film in a list: one element for the server however much stands on it, of which only what changed is drawn again.
const stars = (half) => `${half / 2} ${half === 2 ? "star" : "stars"}`;

// What can be told of the film.
const FOOT = `
  <div v-if="tools" class="card-foot">
    <div :class="['rate', eyebrow ? 'rate-large' : 'rate-small']">
      <fieldset :key="turn" v-memo="[rating, turn]" class="stars" :aria-label="'Your rating of ' + name" aria-description="Enter saves what the arrow keys choose"
        @pointed="$emit('pointed', $event.detail)" @rated="$emit('rated', $event.detail)">
        <template v-for="half in 10" :key="half">
          <input type="radio" :name="group" :id="group + '-' + half" :value="half / 2"
            :checked="rating === half / 2" :aria-label="stars(half)">
          <label :for="group + '-' + half" :class="half % 2 ? 'left' : 'right'" :title="stars(half)"></label>
        </template>
      </fieldset>
    </div>
    <div class="card-tools" v-memo="[tools]">
      <button v-for="tool in tools" :key="tool.does" type="button" class="card-tool" :class="{ 'tool-quick': tool.isOn !== null }"
        :data-do="tool.does" :aria-label="tool.text" :title="tool.text" :aria-pressed="tool.isOn ?? undefined"
        :aria-haspopup="tool.isOn === null ? 'dialog' : undefined" v-html="drawing(tool.drawing)"
        @click="$emit('did', tool.does)"></button>
    </div>
  </div>`;

export default {
  template: `
    <article v-if="eyebrow">
      <a class="nicegui-link top-poster" :href="href" tabindex="-1" aria-hidden="true">
        <img class="poster" width="400" height="600" decoding="async" alt="" loading="eager"
          :src="isLost ? drawn : poster" :style="poster === drawn ? undefined : { background: 'center / cover url(' + drawn + ')' }"
          @error="isLost = true">
      </a>
      <div class="top-text">
        <div class="eyebrow">{{ eyebrow }}</div>
        <h2><a class="nicegui-link top-name" :href="href" :title="title">{{ name }}</a></h2>
        <div class="muted">{{ facts }}</div>
        <div v-if="expected" class="top-expected">
          <div>★ {{ expected.said }}</div>
          <div v-if="expected.verdict" class="why-verdict" :class="expected.kind">{{ expected.verdict }}</div>
        </div>
        <div v-if="reason" class="top-reason">{{ reason }}</div>
        ${FOOT}
      </div>
    </article>
    <li v-else v-memo="[...Object.values($props), isLost]" :data-film="film">
      <a class="nicegui-link card-link" :href="href" :tabindex="tab">
        <div class="frame">
          <img class="poster" width="400" height="600" decoding="async" alt="" :loading="isEager ? 'eager' : 'lazy'"
            :src="isLost ? drawn : poster" :style="poster === drawn ? undefined : { background: 'center / cover url(' + drawn + ')' }"
            @error="isLost = true">
          <div v-if="expected" class="predicted" :class="expected.kind" role="img" :aria-label="expected.said"
            :title="expected.said">{{ expected.words }}</div>
        </div>
        <div class="card-name" :title="title">{{ name }}</div>
      </a>
      <div class="card-facts">{{ facts }}</div>
      <div v-if="likes" class="card-likes" :title="likes.said">{{ likes.words }}</div>
      <div v-if="match" class="strength" role="img" :aria-label="match.said" :title="match.said">
        <div>Match</div><div class="strength-track"><div :style="{ width: match.percent + '%' }"></div></div>
      </div>
      <div v-if="reason" class="card-reason">{{ reason }}</div>
      ${FOOT}
    </li>`,
  props: {
    film: Number, name: String, title: String, href: String, poster: String, drawn: String, isEager: Boolean,
    facts: String, tab: Number, expected: Object, likes: Object, match: Object, reason: String,
    rating: Number, tools: Array, turn: Number, eyebrow: String,
  },
  emits: ["pointed", "rated", "did"],
  data: () => ({ isLost: false }),
  watch: {
    poster() {
      this.isLost = false;
    },
  },
  computed: {
    group() {
      return `${this.eyebrow ? "pick" : "card"}-${this.film}`;
    },
  },
  methods: { stars, drawing: (name) => window.drawings[name] },
};
