// What was just done, with a button that takes it back, for as long as the style sheet says; without a sentence, nothing.
export default {
  template: `
    <div v-if="sentence" class="told">
      <div class="told-sentence">{{ sentence }}</div>
      <button v-if="canUndo" type="button" class="button button-quiet told-undo" @click="$emit('undo')">
        <span class="icon" aria-hidden="true" v-html="drawing('undo')"></span><div>Undo</div>
      </button>
      <button type="button" class="told-close" aria-label="Close" @click="$emit('close')">
        <span class="icon" aria-hidden="true" v-html="drawing('close')"></span>
      </button>
    </div>`,
  props: { sentence: String, canUndo: Boolean },
  emits: ["undo", "close"],
  methods: { drawing: (name) => window.drawings[name] },
};
